package dev.vibrissa.indexer.source;

import dev.vibrissa.protocol.sui.Digest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one chain that all full nodes of a source must serve: the one expected, or else that of the first one asked. */
public final class ChainIdentity {
    private @Nullable String chain;
    private String decidedBy;

    /** @param expected digest of checkpoint 0, where it is known */
    public ChainIdentity(Optional<Digest> expected) {
        chain = expected.map(Digest::toString).orElse(null);
        decidedBy = "the network";
    }

    /** Why {@code location}, which says that it serves the chain {@code reported}, is none of ours; empty if it is. */
    synchronized Optional<String> faultOf(String location, String reported) {
        if (chain == null) {
            try {
                chain = Digest.parse(reported).toString();
            } catch (IllegalArgumentException _) {
                return Optional.of("%s serves a chain '%s', which is no digest".formatted(location, reported));
            }
            decidedBy = location;
        }
        return chain.equals(reported)
                ? Optional.empty()
                : Optional.of("%s serves chain %s, not %s of %s: another chain"
                        .formatted(location, reported, chain, decidedBy));
    }

    /** The chain, once it is known. */
    public synchronized Optional<Digest> chain() {
        return Optional.ofNullable(chain).map(Digest::parse);
    }
}
