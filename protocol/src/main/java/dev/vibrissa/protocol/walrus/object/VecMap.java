package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Sui's {@code VecMap}: a vector of key and value, in order of insertion, no key twice. */
public final class VecMap {
    private VecMap() {}

    public static <K, V> SequencedMap<K, V> decode(
            BcsReader in, Function<BcsReader, K> keyType, Function<BcsReader, V> valueType) {
        int start = in.position();
        int count = in.length(2); // no Move type that serves as key or value is empty
        var map = new LinkedHashMap<K, V>();
        for (int i = 0; i < count; i++) {
            map.put(keyType.apply(in), valueType.apply(in));
        }
        if (map.size() != count) {
            throw new BcsException("a VecMap has %d entries but %d keys".formatted(count, map.size()), start);
        }
        return Collections.unmodifiableSequencedMap(map);
    }

    public static <K, V> void encode(
            BcsWriter out,
            SequencedMap<K, V> map,
            BiConsumer<BcsWriter, K> keyType,
            BiConsumer<BcsWriter, V> valueType) {
        out.list(map.sequencedEntrySet(), (to, entry) -> {
            keyType.accept(to, entry.getKey());
            valueType.accept(to, entry.getValue());
        });
    }
}
