-- Whoever has such a key gives out and takes back keys over HTTP, sees what others made, and is not held to limits.
alter table api_key add column is_admin boolean not null default false;
