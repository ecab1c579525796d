package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.CommitteeMember;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;
import supranational.blst.P1;
import supranational.blst.P2;
import supranational.blst.SecretKey;

/**
 * The four validators, whose keys follow from the seed. One of them has a new key in each epoch, so that committees
 * have to be handed over. Any three are a quorum; who signs takes turns.
 */
final class Validators {
    private static final String DOMAIN = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
    private static final byte[] SUMMARY_INTENT = {2, 0, 0};
    private static final long[] STAKES = {2_600, 2_500, 2_500, 2_400};

    private final long seed;
    private final Map<Long, Epoch> epochs = new ConcurrentHashMap<>(); // a key takes a while to make

    Validators(long seed) {
        this.seed = seed;
    }

    private record Member(SecretKey secret, CommitteeMember member) {}

    /** Members in the order of the committee. */
    private record Epoch(List<Member> members) {}

    Committee committee(long epoch) {
        return new Committee(
                epoch, epoch(epoch).members.stream().map(Member::member).toList());
    }

    /** Signs as all but one member, or all. */
    AuthoritySignature sign(Bytes summaryBcs, long epoch, long sequenceNumber) {
        byte[] message =
                new BcsWriter().raw(SUMMARY_INTENT).raw(summaryBcs).u64(epoch).toByteArray();
        int absent = (int) (sequenceNumber % (STAKES.length + 1));
        var signers = new RoaringBitmap();
        var sum = new P1();
        for (int i = 0; i < STAKES.length; i++) {
            if (i != absent) {
                signers.add(i);
                sum.add(new P1()
                        .hash_to(message, DOMAIN)
                        .sign_with(epoch(epoch).members.get(i).secret));
            }
        }
        var bitmap = ByteBuffer.allocate(signers.serializedSizeInBytes());
        signers.serialize(bitmap);
        return new AuthoritySignature(epoch, Bytes.of(sum.compress()), Bytes.of(bitmap.array()));
    }

    private Epoch epoch(long number) {
        return epochs.computeIfAbsent(number, this::make);
    }

    private Epoch make(long number) {
        return new Epoch(IntStream.range(0, STAKES.length)
                .mapToObj(validator -> member(number, validator))
                .sorted(Comparator.comparing(each -> each.member.publicKey()))
                .toList());
    }

    private Member member(long epoch, int validator) {
        long generation = (epoch + validator) / STAKES.length; // grows for one validator in each epoch
        var secret = new SecretKey();
        secret.keygen(Blake2b.hash(new BcsWriter()
                .string("validator")
                .u64(seed)
                .u32(validator)
                .u64(generation)
                .toByteArray()));
        return new Member(secret, new CommitteeMember(Bytes.of(new P2(secret).compress()), STAKES[validator]));
    }
}
