package dev.vibrissa.protocol.walrus.status;

import dev.vibrissa.protocol.sui.Digest;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Which event, as Walrus counts them.
 *
 * @param transaction digest of the transaction
 * @param ordinal position among the Walrus events of the transaction, from 0; not Sui's event index
 */
public record EventId(Digest transaction, int ordinal) {
    /** As a storage node writes it. */
    SequencedMap<String, @Nullable Object> toJson() {
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("txDigest", transaction.toString());
        json.put("eventSeq", Integer.toString(ordinal));
        return json;
    }
}
