package dev.vibrissa.redstuff;

import java.util.HashSet;
import java.util.List;

/**
 * Proof that a blob was not encoded correctly: symbols that metadata commits to one by one, and which together make a sliver that
 * metadata does not commit to.
 *
 * <p>BCS: target index (u16), symbols, each without the tag and the target. The axis is not part of it.
 *
 * @see "walrus-core, src/inconsistency.rs"
 */
public record InconsistencyProof(SliverType type, int target, List<RecoverySymbol> symbols) {
    private static final int MIN_SYMBOL_BYTES = 4;

    public InconsistencyProof {
        symbols = List.copyOf(symbols);
    }

    /** What verifying a proof came to. */
    public enum Verdict {
        /** The blob is inconsistent. */
        PROVEN,
        /** Not exactly as many symbols as decode a sliver. */
        WRONG_SYMBOL_COUNT,
        /** A symbol is not one that metadata commits to. */
        INVALID_SYMBOL,
        /** Two symbols are of one source, so they do not decode. */
        REPEATED_SYMBOL,
        /** The symbols make the very sliver that metadata commits to. */
        CONSISTENT
    }

    /**
     * @throws RedStuffFormatException if {@code bytes} is not exactly a proof
     */
    public static InconsistencyProof decode(SliverType type, byte[] bytes) {
        return BcsInput.decode(bytes, in -> {
            int target = in.u16();
            return new InconsistencyProof(
                    type, target, in.list(MIN_SYMBOL_BYTES, each -> RecoverySymbol.decode(each, type, target)));
        });
    }

    /** In BCS. */
    public byte[] encode() {
        var out = new BcsOutput(1024).u16(target).length(symbols.size());
        symbols.forEach(symbol -> symbol.encodeInProof(out));
        return out.toByteArray();
    }

    /** Judges the proof against metadata. */
    public Verdict verify(VerifiedMetadata metadata) {
        if (symbols.size() != metadata.config().symbolsIn(type)) {
            return Verdict.WRONG_SYMBOL_COUNT;
        }
        var sources = new HashSet<Integer>();
        for (RecoverySymbol symbol : symbols) {
            if (symbol.type() != type
                    || symbol.target() != target
                    || metadata.verify(symbol) != SymbolVerdict.ACCEPTED) {
                return Verdict.INVALID_SYMBOL;
            }
            if (!sources.add(symbol.source())) {
                return Verdict.REPEATED_SYMBOL;
            }
        }
        return metadata.recover(type, target, symbols) instanceof SliverVerdict.Accepted
                ? Verdict.CONSISTENT
                : Verdict.PROVEN;
    }
}
