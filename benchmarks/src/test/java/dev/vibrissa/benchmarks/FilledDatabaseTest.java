package dev.vibrissa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.migrations.testing.TestDatabase;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.walrus.WalrusEvent;
import dev.vibrissa.protocol.walrus.object.Blob;
import org.junit.jupiter.api.Test;

/** What is filled in is what questions are asked about, and what the API can read. */
class FilledDatabaseTest {
    private static final long OBJECTS = 48_000;

    @Test
    void objectsAreThoseThatAreAskedForAndCanBeDecoded() throws Exception {
        try (var test = TestDatabase.migrated()) {
            FilledDatabase.fill(test.database(), OBJECTS);
            try (var db = test.connect();
                    var select = db.prepareStatement("""
                            select o.blob_id, o.owner, o.end_epoch, c.object_bcs
                            from blob_object o join object_change c using (object_id)
                            where object_id = ? and c.object_bcs is not null
                            """)) {
                for (long n : new long[] {0, 19, 18, 1234, OBJECTS - 1}) {
                    var object = new FilledObject(n, OBJECTS);
                    select.setBytes(1, object.objectId().toByteArray());
                    try (var found = select.executeQuery()) {
                        assertThat(found.next()).as("object %d", n).isTrue();
                        assertThat(found.getBytes(1)).isEqualTo(object.blobId().toByteArray());
                        assertThat(found.getBytes(2)).isEqualTo(object.owner().toByteArray());
                        var move = (SuiObject.Move) BcsReader.decode(found.getBytes(4), SuiObject::decode)
                                .data();
                        var blob = BcsReader.decode(move.contents().toByteArray(), Blob::decode);
                        assertThat(blob.blobId()).isEqualTo(object.blobId());
                        assertThat(blob.storage().endEpoch()).isEqualTo(found.getLong(3));
                    }
                }
            }
            try (var db = test.connect();
                    var statement = db.createStatement();
                    var events = statement.executeQuery("select distinct on (name) name, contents from event")) {
                int kinds = 0;
                while (events.next()) {
                    assertThat(WalrusEvent.decode(events.getString(1), events.getBytes(2))
                                    .known())
                            .isPresent();
                    kinds++;
                }
                assertThat(kinds).isEqualTo(3);
            }
        }
    }
}
