package dev.vibrissa.protocol.walrus;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Which members of the committee signed a certificate: bit {@code i}, counted from the least significant bit of byte
 * {@code i / 8}, stands for member {@code i} of the epoch's {@code BlsCommittee}.
 */
public final class SignersBitmap {
    private SignersBitmap() {}

    /**
     * The bitmap of these members, as long as the committee needs.
     *
     * @param members indexes below {@code memberCount}
     */
    public static byte[] of(Collection<Integer> members, int memberCount) {
        byte[] bitmap = new byte[(memberCount + 7) / 8];
        for (int member : members) {
            bitmap[Objects.checkIndex(member, memberCount) / 8] |= (byte) (1 << member % 8);
        }
        return bitmap;
    }

    /**
     * Indexes of the members that signed, ascending. Bytes that are missing at the end are zeros; bits that stand for
     * no member are left out: whether they are legal was for the contract to decide.
     *
     * @param memberCount members in the committee
     */
    public static List<Integer> members(byte[] bitmap, int memberCount) {
        return IntStream.range(0, Math.min(memberCount, bitmap.length * 8))
                .filter(i -> (bitmap[i / 8] >>> (i % 8) & 1) == 1)
                .boxed()
                .toList();
    }
}
