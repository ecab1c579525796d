package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;

/** Settings that hold for the whole network. */
public sealed interface ProtocolEvent extends WalrusEvent {
    /** The storage nodes speak {@code protocolVersion} from {@code startEpoch} on. */
    record ProtocolVersionUpdated(long epoch, long startEpoch, long protocolVersion) implements ProtocolEvent {
        static ProtocolVersionUpdated decode(BcsReader in) {
            return new ProtocolVersionUpdated(in.u32(), in.u32(), in.u64());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).u32("start_epoch", startEpoch).u64("protocol_version", protocolVersion);
        }
    }

    /**
     * New prices, which may equal the old ones.
     *
     * @param storagePrice FROST per MiB of encoded size and epoch
     * @param writePrice FROST per MiB of encoded size, once
     */
    record PricesUpdated(long epoch, long storagePrice, long writePrice) implements ProtocolEvent {
        static PricesUpdated decode(BcsReader in) {
            return new PricesUpdated(in.u32(), in.u64(), in.u64());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).u64("storage_price", storagePrice).u64("write_price", writePrice);
        }
    }
}
