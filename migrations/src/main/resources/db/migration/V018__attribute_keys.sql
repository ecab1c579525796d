-- Keys of attributes are a stranger's input of any length, as values are: an index holds only their hashes. Not unique,
-- for a stranger can make two keys with one hash; whoever writes an object's attributes deletes those before.
alter table attribute drop constraint attribute_pkey;
drop index attribute_by_value;
create index attribute_by_object on attribute (object_id, md5(key));
create index attribute_by_value on attribute (md5(key), md5(value), object_id);
