-- What the readings say of a told event that nobody was told yet, and since when they all say so.
alter table events add column change_to text;
alter table events add column changed_since text;
