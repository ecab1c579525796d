package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.move.Fields;
import dev.vibrissa.devnet.ledger.move.MoveModules;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.devnet.ledger.move.MoveValue;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * The attributes of a blob, in a dynamic field that may be missing.
 *
 * @param module of the blob's type, which aborts with its own codes
 * @param duplicate code where there are attributes already
 * @param missing code where there are none
 * @see "Move: walrus::metadata, walrus::blob, walrus::storage_pool"
 */
record BlobMetadata(Fields<Bytes, Metadata> field, String module, long duplicate, long missing) {
    private static final Bytes KEY = Bytes.of("metadata".getBytes(StandardCharsets.US_ASCII));

    static void addTo(MoveModules modules, WalrusTypes types) {
        var option = MoveType.option(types.metadata);
        var optionalText = MoveType.option(MoveType.STRING);
        MoveModule.walrus(modules, types, "blob")
                .does("add_metadata", call -> ofBlob(call).add(call.move().take(1, types.metadata)))
                .gives(
                        "add_or_replace_metadata",
                        call -> option.of(ofBlob(call).replace(call.move().take(1, types.metadata))))
                .gives("take_metadata", call -> types.metadata.of(ofBlob(call).take()))
                .does(
                        "insert_or_update_metadata_pair",
                        call -> ofBlob(call)
                                .put(call.move().string(1), call.move().string(2)))
                .returns(
                        "remove_metadata_pair",
                        call -> ofBlob(call).removePair(call.move().string(1)))
                .gives(
                        "remove_metadata_pair_if_exists",
                        call -> optionalText.of(
                                ofBlob(call).removeIfExists(call.move().string(1))));
        MoveModule.walrus(modules, types, "storage_pool")
                .does(
                        "add_blob_metadata",
                        call -> ofPooledBlob(call).add(call.move().take(2, types.metadata)))
                .gives(
                        "add_or_replace_blob_metadata",
                        call -> option.of(ofPooledBlob(call).replace(call.move().take(2, types.metadata))))
                .gives(
                        "take_blob_metadata",
                        call -> types.metadata.of(ofPooledBlob(call).take()))
                .does(
                        "insert_or_update_blob_metadata_pair",
                        call -> ofPooledBlob(call)
                                .put(call.move().string(2), call.move().string(3)))
                .returns(
                        "remove_blob_metadata_pair",
                        call -> ofPooledBlob(call).removePair(call.move().string(2)))
                .gives(
                        "remove_blob_metadata_pair_if_exists",
                        call -> optionalText.of(
                                ofPooledBlob(call).removeIfExists(call.move().string(2))));
        MoveModule.walrus(modules, types, "metadata")
                .gives("new", _ -> types.metadata.of(new Metadata(new LinkedHashMap<>())))
                .does(
                        "insert_or_update",
                        call -> call.move()
                                .borrow(0, types.metadata)
                                .update(before -> with(
                                        before,
                                        call.move().string(1),
                                        call.move().string(2))));
    }

    static BlobMetadata of(WalrusCall call, SuiAddress blob) {
        return new BlobMetadata(call.tx().fields(blob, MoveType.BYTES, call.types().metadata), "blob", 7, 8);
    }

    private static BlobMetadata ofPooledBlob(WalrusCall call) {
        var blob = OpenStoragePool.at(call, 0).blob(call.blobId(1));
        var field = call.tx().fields(blob.id(), MoveType.BYTES, call.types().metadata);
        return new BlobMetadata(field, OpenStoragePool.MODULE, 12, 13);
    }

    private static BlobMetadata ofBlob(WalrusCall call) {
        return of(call, call.move().borrow(0, call.types().blob).get().id());
    }

    private void add(Metadata metadata) {
        Abort.unless(!field.contains(KEY), module, "add_metadata", duplicate);
        field.add(KEY, metadata);
    }

    private Optional<Metadata> replace(Metadata metadata) {
        Optional<Metadata> before = field.contains(KEY) ? Optional.of(field.remove(KEY)) : Optional.empty();
        field.add(KEY, metadata);
        return before;
    }

    private Metadata take() {
        Abort.unless(field.contains(KEY), module, "take_metadata", missing);
        return field.remove(KEY);
    }

    void removeIfExists() {
        if (field.contains(KEY)) {
            field.remove(KEY);
        }
    }

    void put(String key, String value) {
        if (field.contains(KEY)) {
            field.update(KEY, before -> with(before, key, value));
        } else {
            field.add(KEY, with(new Metadata(new LinkedHashMap<>()), key, value));
        }
    }

    private List<MoveValue> removePair(String key) {
        Abort.unless(field.contains(KEY), module, "metadata", missing);
        Optional<String> value = removeIfExists(key);
        Abort.unlessInFramework(value.isPresent(), "vec_map", "get_idx", 1);
        return List.of(MoveType.STRING.of(key), MoveType.STRING.of(value.orElseThrow()));
    }

    private Optional<String> removeIfExists(String key) {
        if (!field.contains(KEY)) {
            return Optional.empty();
        }
        var value = Optional.ofNullable(field.get(KEY).metadata().get(key));
        if (value.isPresent()) {
            field.update(KEY, before -> changed(before, map -> map.remove(key)));
        }
        return value;
    }

    /** A value that replaces another moves to the end, since the map is a list. */
    private static Metadata with(Metadata before, String key, String value) {
        return changed(before, map -> {
            map.remove(key);
            map.put(key, value);
        });
    }

    private static Metadata changed(Metadata before, Consumer<SequencedMap<String, String>> change) {
        var map = new LinkedHashMap<>(before.metadata());
        change.accept(map);
        return new Metadata(map);
    }
}
