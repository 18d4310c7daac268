"""Marks: what was done last, so that a start that finds it unchanged need not do it again."""

from sqlmodel import Field, SQLModel


class Mark(SQLModel, table=True):
    """A digest of what was done under this name. Nothing is lost with it: without the row it is done once more."""

    __tablename__ = "marks"

    name: str = Field(primary_key=True, max_length=60)
    digest: str = Field(max_length=64)
