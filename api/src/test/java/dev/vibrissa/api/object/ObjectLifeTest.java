package dev.vibrissa.api.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.api.object.BlobObject.Ownership;
import dev.vibrissa.api.object.ObjectChanges.Change;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectLifeTest {
    private static final SuiAddress BLOB = SuiAddress.parse("0xb10b");
    private static final SuiAddress PARENT = SuiAddress.parse("0x9a7e47");
    private static final SuiAddress OWNER = SuiAddress.parse("0x0a");

    @ParameterizedTest(name = "field {0}")
    @ValueSource(strings = {"0x01", "0xffff"})
    void aBlobInADynamicFieldIsHeldByTheFieldsParent(String field) {
        var fieldId = SuiAddress.parse(field);
        var life = new ObjectLife(BLOB);
        var changes = List.of(
                change(1, BLOB, "created", "blob::Blob", "address", OWNER, true),
                change(2, BLOB, "wrapped", "blob::Blob", "address", OWNER, false),
                change(2, fieldId, "created", ObjectChanges.BLOB_FIELD, "object", PARENT, true),
                change(3, fieldId, "deleted", ObjectChanges.BLOB_FIELD, "object", PARENT, false),
                change(3, BLOB, "unwrapped", "blob::Blob", "address", OWNER, true));
        life.fold(
                new ObjectLife.Told(null, false, null, Optional.empty()),
                changes.stream()
                        .sorted(Comparator.comparing(Change::checkpoint).thenComparing(Change::objectId))
                        .toList());
        assertThat(life.owners())
                .extracting(Ownership::owner)
                .containsExactly(Holder.of("address", OWNER), Holder.of("object", PARENT), Holder.of("address", OWNER));
    }

    private static Change change(
            long checkpoint,
            SuiAddress objectId,
            String change,
            String type,
            String ownerKind,
            @Nullable SuiAddress owner,
            boolean exists) {
        byte[] tx = new byte[32];
        tx[0] = (byte) checkpoint;
        return new Change(
                objectId,
                checkpoint,
                change,
                checkpoint,
                0,
                new Digest(tx),
                null,
                Instant.EPOCH,
                type,
                ownerKind,
                owner,
                null,
                exists ? Optional.of(new byte[0]) : Optional.empty());
    }
}
