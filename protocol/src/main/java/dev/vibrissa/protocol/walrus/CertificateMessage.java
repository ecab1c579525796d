package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What storage nodes sign, as it stands in the {@code message} argument of calls that bring a certificate.
 *
 * <p>Bytes: intent type u8, intent version u8 (0), application u8 (3, Walrus), epoch u32, then the body.
 *
 * @see "walrus, mainnet-contracts/walrus/docs/msg_formats.txt"
 */
public sealed interface CertificateMessage {
    /** The application of Walrus in intents. */
    int WALRUS = 3;

    /** The Walrus epoch whose committee signed. */
    long epoch();

    /** A node proves that it holds the private key of {@code publicKey}, which is compressed. */
    record ProofOfPossession(long epoch, SuiAddress address, KeyBytes publicKey) implements CertificateMessage {
        /** The very bytes that a node signs. */
        public byte[] encode() {
            return intent(0, epoch)
                    .raw(address.toByteArray())
                    .raw(publicKey.toByteArray())
                    .toByteArray();
        }
    }

    /**
     * A quorum has the blob.
     *
     * @param deletableObject the object that is certified, if it is deletable; a permanent blob is certified for any
     */
    record BlobStored(long epoch, BlobId blobId, Optional<SuiAddress> deletableObject) implements CertificateMessage {
        /** The very bytes that a node signs. */
        public byte[] encode() {
            return intent(1, epoch)
                    .raw(blobId.toByteArray())
                    .option(deletableObject, (out, object) -> object.encode(out))
                    .toByteArray();
        }
    }

    /** The blob is inconsistent. */
    record BlobInvalid(long epoch, BlobId blobId) implements CertificateMessage {
        /** The very bytes that a node signs. */
        public byte[] encode() {
            return intent(2, epoch).raw(blobId.toByteArray()).toByteArray();
        }
    }

    /** A request between nodes; never seen on chain, so its body is not read. */
    record ShardSync(long epoch) implements CertificateMessage {}

    /**
     * A node's deny list.
     *
     * @param sizeBytes unsigned; encoded bytes on the list
     * @param root root hash of the list
     */
    record DenyListUpdated(long epoch, SuiAddress nodeId, long sequenceNumber, long sizeBytes, BigInteger root)
            implements CertificateMessage {}

    /** The blob is deny-listed by more than a third of the shards. */
    record DenyListedBlobDeleted(long epoch, BlobId blobId) implements CertificateMessage {}

    /** The nodes agree on a protocol version. */
    record ProtocolVersion(long epoch, long startEpoch, long version) implements CertificateMessage {}

    private static BcsWriter intent(int type, long epoch) {
        return new BcsWriter().u8(type).u8(0).u8(WALRUS).u32(epoch);
    }

    static Decoding<CertificateMessage> decode(byte[] message) {
        return Decoding.of("certificate message", message, CertificateMessage::decode);
    }

    /**
     * Reads one message.
     *
     * @throws BcsException if these are not the bytes of a message
     */
    static CertificateMessage decode(BcsReader in) {
        int start = in.position();
        int type = in.u8();
        int version = in.u8();
        int application = in.u8();
        if (version != 0 || application != WALRUS) {
            throw new BcsException("intent version %d of application %d".formatted(version, application), start);
        }
        long epoch = in.u32();
        return switch (type) {
            case 0 -> new ProofOfPossession(epoch, SuiAddress.decode(in), new KeyBytes(in.raw(KeyBytes.G1_COMPRESSED)));
            case 1 -> new BlobStored(epoch, BlobId.decode(in), in.option(SuiAddress::decode));
            case 2 -> new BlobInvalid(epoch, BlobId.decode(in));
            case 3 -> {
                in.skip(in.remaining());
                yield new ShardSync(epoch);
            }
            case 4 -> new DenyListUpdated(epoch, SuiAddress.decode(in), in.u64(), in.u64(), in.u256());
            case 5 -> new DenyListedBlobDeleted(epoch, BlobId.decode(in));
            case 6 -> new ProtocolVersion(epoch, in.u32(), in.u64());
            default -> throw new BcsException("message of unknown type %d".formatted(type), start);
        };
    }
}
