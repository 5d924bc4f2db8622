"""The only kinds of values a message may carry: ids, codes, dates and counts, never free text."""

from typing import Annotated, Literal

from msgspec import Meta

RequestId = Annotated[str, Meta(pattern=r"^REQ-[0-9A-Z]{4}-[0-9A-Z]{2}\Z")]
OfferId = Annotated[str, Meta(pattern=r"^OFR-[0-9A-Z]{4}-[0-9A-Z]{2}\Z")]
MatchId = Annotated[str, Meta(pattern=r"^MAT-[0-9A-Z]{4}-[0-9A-Z]{2}\Z")]
DeliveryId = Annotated[str, Meta(pattern=r"^DLV-[0-9A-Z]{4}-[0-9A-Z]{2}\Z")]
OrganizationId = Annotated[str, Meta(pattern=r"^ORG-[0-9A-Z]{4}-[0-9A-Z]{2}\Z")]
SubjectId = Annotated[str, Meta(pattern=r"^(REQ|OFR|MAT|DLV|ORG|ACT)-[0-9A-Z]{4}-[0-9A-Z]{2}\Z")]
StateCode = Annotated[str, Meta(pattern=r"^[A-Z]{2,3}\Z")]
ReasonCode = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.]{1,79}\Z")]
Token = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16,200}\Z")]
Count = Annotated[int, Meta(ge=0)]
FocalRole = Literal["focal_point", "alternate"]
