insert into attribute (object_id, key, value, blob_id, first_checkpoint)
select object_id, case when n % 40 = 3 then '_walrusBlobType' else 'content-type' end,
  case n % 40 when 3 then 'quilt' when 13 then 'text/html' when 23 then 'image/png' else 'video/mp4' end,
  blob_id, coalesce(filled.checkpoint_of(tx), 300000001)
from filled.object where n % 10 = 3;
