package dev.vibrissa.protocol.walrus.object;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.walrus.Decoding;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An object of the Walrus contracts or of Walrus Sites, or the value of a dynamic field under one.
 *
 * <p>Records list the fields of the Move struct in BCS order. Epochs are Walrus epochs, unsigned 32-bit, and ends are
 * exclusive; unsigned 64-bit values are the {@code long} of the same bits; amounts are in FROST. No layout has changed
 * since the first contract version: Sui forbids it.
 *
 * @see "walrus, mainnet-contracts"
 */
public sealed interface WalrusObject
        permits Storage,
                Blob,
                SharedBlob,
                Metadata,
                StoragePool,
                StoragePoolInner,
                PooledBlob,
                WalrusSystem,
                SystemStateInner,
                Staking,
                StakingInner,
                ActiveSet,
                StakingPool,
                PoolExchangeRate,
                NodeMetadata,
                StorageNodeCap,
                StakedWal,
                UpgradeManager,
                UpgradeProposal,
                EmergencyUpgradeCap,
                SlashingManager,
                SlashingProposal,
                WalrusSubsidies,
                WalrusSubsidiesInner,
                SubsidiesAdminCap,
                Subsidies,
                Exchange,
                TreasuryCap,
                ProtectedTreasury,
                Site,
                SiteResource {
    void encode(BcsWriter out);

    default byte[] toBcs() {
        return BcsWriter.encode(this, (out, object) -> object.encode(out));
    }

    /**
     * Reads an object.
     *
     * @param module Move module of a type that the caller knows to be Walrus's, such as {@code blob}
     * @param name Move struct, such as {@code Blob}
     * @param contents BCS of the object
     */
    static Decoding<WalrusObject> decode(String module, String name, byte[] contents) {
        return decode(module, name, Bytes.of(contents));
    }

    /** The same without a copy. */
    static Decoding<WalrusObject> decode(String module, String name, Bytes contents) {
        return layout(module, name)
                .map(layout -> Decoding.<WalrusObject>of(name, contents, layout))
                .orElseGet(() -> new Decoding.Unknown<>(module + "::" + name));
    }

    /**
     * Reads a dynamic field with an object of ours as its value.
     *
     * @param keyType how the key is read, such as {@code BcsReader::u64}
     * @param module Move module of the value's type
     * @param name Move struct of the value's type
     * @param contents BCS of the whole field
     */
    static <K> Decoding<Field<K, WalrusObject>> decodeField(
            Function<BcsReader, K> keyType, String module, String name, byte[] contents) {
        return layout(module, name)
                .map(layout ->
                        Decoding.<Field<K, WalrusObject>>of(name, contents, in -> Field.decode(in, keyType, layout)))
                .orElseGet(() -> new Decoding.Unknown<>(module + "::" + name));
    }

    /** How a type of ours is read, if it is known. */
    static Optional<Function<BcsReader, ? extends WalrusObject>> layout(String module, String name) {
        return ObjectLayouts.find(module, name);
    }

    /** All known types, as {@code module::Name}. */
    static Set<String> types() {
        return ObjectLayouts.BY_TYPE.keySet();
    }
}
