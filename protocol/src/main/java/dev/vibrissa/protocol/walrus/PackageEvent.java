package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;

/** Votes on a new version of the contracts, and its arrival. */
public sealed interface PackageEvent extends WalrusEvent {
    /**
     * An upgrade was proposed, or a stale proposal starts again from zero.
     *
     * @param packageDigest digest of the proposed package
     */
    record ContractUpgradeProposed(long epoch, Digest packageDigest) implements PackageEvent {
        static ContractUpgradeProposed decode(BcsReader in) {
            return new ContractUpgradeProposed(in.u32(), Digest.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).digest("package_digest", packageDigest);
        }
    }

    /** A vote left the proposal at or above the quorum; every further vote repeats this. */
    record ContractUpgradeQuorumReached(long epoch, Digest packageDigest) implements PackageEvent {
        static ContractUpgradeQuorumReached decode(BcsReader in) {
            return new ContractUpgradeQuorumReached(in.u32(), Digest.decode(in));
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).digest("package_digest", packageDigest);
        }
    }

    /**
     * The shared objects moved to a new version of the package.
     *
     * @param packageId id of the new package, to be counted into the upgrade chain
     */
    record ContractUpgraded(long epoch, SuiAddress packageId, long version) implements PackageEvent {
        static ContractUpgraded decode(BcsReader in) {
            return new ContractUpgraded(in.u32(), SuiAddress.decode(in), in.u64());
        }

        @Override
        public void describe(MoveFields out) {
            out.u32("epoch", epoch).id("package_id", packageId).u64("version", version);
        }
    }
}
