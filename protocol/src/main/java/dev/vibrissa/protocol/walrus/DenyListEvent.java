package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.math.BigInteger;

/** What storage nodes say about the blobs that they refuse to serve. The list itself is not on the chain. */
public sealed interface DenyListEvent extends WalrusEvent {
    /** Root hash of the list. */
    BigInteger root();

    long sequenceNumber();

    SuiAddress nodeId();

    /** A node announces a new list; nothing changes yet. */
    record RegisterDenyListUpdate(long epoch, BigInteger root, long sequenceNumber, SuiAddress nodeId)
            implements DenyListEvent {
        static RegisterDenyListUpdate decode(BcsReader in) {
            return new RegisterDenyListUpdate(in.u32(), in.u256(), in.u64(), SuiAddress.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .u256("root", root)
                    .u64("sequence_number", sequenceNumber)
                    .id("node_id", nodeId);
        }
    }

    /** A quorum has confirmed the list of a node. */
    record DenyListUpdate(long epoch, BigInteger root, long sequenceNumber, SuiAddress nodeId)
            implements DenyListEvent {
        static DenyListUpdate decode(BcsReader in) {
            return new DenyListUpdate(in.u32(), in.u256(), in.u64(), SuiAddress.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .u256("root", root)
                    .u64("sequence_number", sequenceNumber)
                    .id("node_id", nodeId);
        }
    }
}
