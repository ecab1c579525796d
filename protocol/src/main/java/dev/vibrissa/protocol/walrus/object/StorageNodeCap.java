package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;
import java.util.Optional;

/**
 * The right to act as a storage node, held by its operator.
 *
 * @param denyListRoot root hash of the list in force
 * @param denyListSize bytes on the list
 * @see "Move: walrus::storage_node::StorageNodeCap"
 */
public record StorageNodeCap(
        SuiAddress id,
        SuiAddress nodeId,
        long lastEpochSyncDone,
        Optional<EventBlobAttestation> lastEventBlobAttestation,
        BigInteger denyListRoot,
        long denyListSequence,
        long denyListSize)
        implements WalrusObject {
    public static StorageNodeCap decode(BcsReader in) {
        return new StorageNodeCap(
                SuiAddress.decode(in),
                SuiAddress.decode(in),
                in.u32(),
                in.option(EventBlobAttestation::decode),
                in.u256(),
                in.u64(),
                in.u64());
    }

    @Override
    public void encode(BcsWriter out) {
        id.encode(out);
        nodeId.encode(out);
        out.u32(lastEpochSyncDone);
        out.option(lastEventBlobAttestation, (to, each) -> each.encode(to));
        out.u256(denyListRoot);
        out.u64(denyListSequence);
        out.u64(denyListSize);
    }

    /** Up to which Sui checkpoint the node has last attested to an event blob. */
    public record EventBlobAttestation(long checkpointSequenceNum, long epoch) {
        public static EventBlobAttestation decode(BcsReader in) {
            return new EventBlobAttestation(in.u64(), in.u32());
        }

        public void encode(BcsWriter out) {
            out.u64(checkpointSequenceNum);
            out.u32(epoch);
        }
    }
}
