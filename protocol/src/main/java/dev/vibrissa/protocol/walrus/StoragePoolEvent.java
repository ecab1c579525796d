package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.SuiAddress;

/** What happened to a storage pool. That it grew, shrank, moved or was destroyed has no event. */
public sealed interface StoragePoolEvent extends WalrusEvent {
    SuiAddress storagePoolId();

    /** A pool exists. Its start may lie in the past if it was made from storage bought before. */
    record StoragePoolCreated(
            long epoch, SuiAddress storagePoolId, long reservedEncodedCapacityBytes, long startEpoch, long endEpoch)
            implements StoragePoolEvent {
        static StoragePoolCreated decode(BcsReader in) {
            return new StoragePoolCreated(in.u32(), SuiAddress.decode(in), in.u64(), in.u32(), in.u32());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch)
                    .id("storage_pool_id", storagePoolId)
                    .u64("reserved_encoded_capacity_bytes", reservedEncodedCapacityBytes)
                    .u32("start_epoch", startEpoch)
                    .u32("end_epoch", endEpoch);
        }
    }

    /** The pool, and with it every blob in it, now ends later. */
    record StoragePoolExtended(long epoch, SuiAddress storagePoolId, long newEndEpoch) implements StoragePoolEvent {
        static StoragePoolExtended decode(BcsReader in) {
            return new StoragePoolExtended(in.u32(), SuiAddress.decode(in), in.u32());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).id("storage_pool_id", storagePoolId).u32("new_end_epoch", newEndEpoch);
        }
    }
}
