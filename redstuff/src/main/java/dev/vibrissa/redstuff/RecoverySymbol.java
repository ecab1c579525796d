package dev.vibrissa.redstuff;

import java.util.Arrays;
import java.util.List;

/**
 * One symbol of a sliver, taken from the sliver of the other axis that crosses it, with the proof that it belongs there.
 *
 * <p>BCS of the general form: tag of the axis of the target (0 primary, 1 secondary), source index (u16), data with its length, target
 * index (u16), proof. In an inconsistency proof tag and target stand apart.
 *
 * @param type of the sliver that it helps to recover
 * @param source index of the sliver it was taken from, which is of the other type
 * @param target index of the sliver that it helps to recover
 * @see "walrus-core, src/encoding/symbols.rs"
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by content below
public record RecoverySymbol(SliverType type, int source, int target, byte[] data, MerklePath proof) {
    /** Bytes of the least symbol in BCS. */
    private static final int MIN_BYTES = 7;

    /**
     * Reads one symbol in the general form.
     *
     * @throws RedStuffFormatException if {@code bytes} is not exactly one
     */
    public static RecoverySymbol decode(byte[] bytes) {
        return BcsInput.decode(bytes, RecoverySymbol::decode);
    }

    /**
     * Reads a storage node's answer: any number of symbols.
     *
     * @throws RedStuffFormatException if {@code bytes} is anything else
     */
    public static List<RecoverySymbol> decodeList(byte[] bytes) {
        return BcsInput.decode(bytes, in -> in.list(MIN_BYTES, RecoverySymbol::decode));
    }

    private static RecoverySymbol decode(BcsInput in) {
        int tag = in.u8();
        SliverType type = switch (tag) {
            case 0 -> SliverType.PRIMARY;
            case 1 -> SliverType.SECONDARY;
            default -> throw in.unknownTag("recovery symbol", tag);
        };
        int source = in.u16();
        byte[] data = in.bytes();
        return new RecoverySymbol(type, source, in.u16(), data, MerklePath.decode(in));
    }

    /** Reads the form that an inconsistency proof has. */
    static RecoverySymbol decode(BcsInput in, SliverType type, int target) {
        int source = in.u16();
        return new RecoverySymbol(type, source, target, in.bytes(), MerklePath.decode(in));
    }

    /** In BCS, in the general form. */
    public byte[] encode() {
        var out = new BcsOutput(data.length + 16 + proof.siblings().size() * 33);
        out.u8(type == SliverType.PRIMARY ? 0 : 1).u16(source).bytes(data).u16(target);
        proof.encode(out);
        return out.toByteArray();
    }

    void encodeInProof(BcsOutput out) {
        out.u16(source).bytes(data);
        proof.encode(out);
    }

    /** Row and column in the matrix, as a request names the symbol: {@code primary-secondary}. */
    public String id() {
        return type == SliverType.PRIMARY ? target + "-" + source : source + "-" + target;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecoverySymbol symbol
                && type == symbol.type
                && source == symbol.source
                && target == symbol.target
                && Arrays.equals(data, symbol.data)
                && proof.equals(symbol.proof);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * source + target) + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "recovery symbol %s of %d bytes for a %s sliver".formatted(id(), data.length, type);
    }
}
