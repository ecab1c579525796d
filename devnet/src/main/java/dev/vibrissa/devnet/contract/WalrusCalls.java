package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Writes what users of Walrus call into a transaction; {@link OperatorCalls} has the rest. Arguments that are objects,
 * such as a blob, are results of earlier calls or {@link Ptb#object}; {@code wal} is a coin of WAL that pays.
 *
 * @param packageId the version to call
 */
public record WalrusCalls(Ptb ptb, WalrusContracts contracts, SuiAddress packageId) {
    private static final int RED_STUFF = 1;

    /**
     * A blob's content as the chain knows it.
     *
     * @param size unencoded bytes
     */
    public record Content(BlobId blobId, BigInteger rootHash, long size) {}

    public Argument.Result reserveSpace(long encodedBytes, long epochsAhead, Argument wal) {
        return call("system", "reserve_space", system(), ptb.u64(encodedBytes), ptb.u32(epochsAhead), wal);
    }

    /** Gives the blob. */
    public Argument.Result registerBlob(Argument storage, Content content, boolean deletable, Argument wal) {
        return call(
                "system",
                "register_blob",
                system(),
                storage,
                blobId(content.blobId),
                ptb.pure(MoveType.U256, content.rootHash),
                ptb.u64(content.size),
                ptb.u8(RED_STUFF),
                ptb.bool(deletable),
                wal);
    }

    public void certifyBlob(Argument blob, Certificate certificate) {
        call(
                "system",
                "certify_blob",
                system(),
                blob,
                ptb.bytes(certificate.signature()),
                ptb.bytes(certificate.signersBitmap()),
                ptb.bytes(certificate.message()));
    }

    public void extendBlob(Argument blob, long epochs, Argument wal) {
        call("system", "extend_blob", system(), blob, ptb.u32(epochs), wal);
    }

    public void extendBlobWithResource(Argument blob, Argument storage) {
        call("system", "extend_blob_with_resource", system(), blob, storage);
    }

    /** Gives the blob's storage. */
    public Argument.Result deleteBlob(Argument blob) {
        return call("system", "delete_blob", system(), blob);
    }

    public void burnBlob(Argument blob) {
        call("blob", "burn", blob);
    }

    public void setAttribute(Argument blob, String key, String value) {
        call("blob", "insert_or_update_metadata_pair", blob, ptb.string(key), ptb.string(value));
    }

    public void invalidateBlobId(Certificate certificate) {
        call(
                "system",
                "invalidate_blob_id",
                system(),
                ptb.bytes(certificate.signature()),
                ptb.bytes(certificate.signersBitmap()),
                ptb.bytes(certificate.message()));
    }

    /** @param funds a coin of WAL to begin with */
    public void shareBlob(Argument blob, Optional<Argument> funds) {
        funds.ifPresentOrElse(
                coin -> call("shared_blob", "new_funded", blob, coin), () -> call("shared_blob", "new", blob));
    }

    public void fundSharedBlob(Argument sharedBlob, Argument coin) {
        call("shared_blob", "fund", sharedBlob, coin);
    }

    public void extendSharedBlob(Argument sharedBlob, long epochs) {
        call("shared_blob", "extend", sharedBlob, system(), ptb.u32(epochs));
    }

    // Storage pools

    /** Gives the pool. */
    public Argument.Result createStoragePool(long encodedBytes, long epochsAhead, Argument wal) {
        return call("system", "create_storage_pool", system(), ptb.u64(encodedBytes), ptb.u32(epochsAhead), wal);
    }

    public void extendStoragePool(Argument pool, long epochs, Argument wal) {
        call("system", "extend_storage_pool", system(), pool, ptb.u32(epochs), wal);
    }

    public void increaseStoragePool(Argument pool, long encodedBytes, Argument wal) {
        call("system", "increase_storage_pool_capacity", system(), pool, ptb.u64(encodedBytes), wal);
    }

    public void registerPooledBlob(Argument pool, Content content, boolean deletable, Argument wal) {
        call(
                "system",
                "register_pooled_blob",
                system(),
                pool,
                blobId(content.blobId),
                ptb.pure(MoveType.U256, content.rootHash),
                ptb.u64(content.size),
                ptb.u8(RED_STUFF),
                ptb.bool(deletable),
                wal);
    }

    public void certifyPooledBlob(Argument pool, BlobId blobId, Certificate certificate) {
        call(
                "system",
                "certify_pooled_blob",
                system(),
                pool,
                blobId(blobId),
                ptb.bytes(certificate.signature()),
                ptb.bytes(certificate.signersBitmap()),
                ptb.bytes(certificate.message()));
    }

    public void deletePooledBlob(Argument pool, BlobId blobId) {
        call("system", "delete_pooled_blob", system(), pool, blobId(blobId));
    }

    public void burnExpiredPooledBlob(Argument pool, BlobId blobId) {
        call("system", "burn_expired_pooled_blob", system(), pool, blobId(blobId));
    }

    /** Gives the pool's storage; no blob may be in it. */
    public Argument.Result destroyStoragePool(Argument pool) {
        return call("storage_pool", "destroy", pool);
    }

    public void destroyStorage(Argument storage) {
        call("storage_resource", "destroy", storage);
    }

    // Stake

    /** Gives the staked WAL. */
    public Argument.Result stake(Argument coin, SuiAddress nodeId) {
        return call("staking", "stake_with_pool", staking(), coin, id(nodeId));
    }

    public void requestWithdraw(Argument staked) {
        call("staking", "request_withdraw_stake", staking(), staked);
    }

    /** Gives a coin with principal and rewards. */
    public Argument.Result withdraw(Argument staked) {
        return call("staking", "withdraw_stake", staking(), staked);
    }

    public void updatePrices() {
        call("staking", "update_prices", staking(), system());
    }

    /** Calls any function of Walrus. */
    public Argument.Result call(String module, String function, Argument... arguments) {
        return ptb.call(packageId, module, function, arguments);
    }

    public Argument system() {
        return ptb.object(contracts.objects().system());
    }

    public Argument staking() {
        return ptb.object(contracts.objects().staking());
    }

    public Argument id(SuiAddress id) {
        return ptb.pure(MoveType.ID, id);
    }

    private Argument blobId(BlobId blobId) {
        return ptb.pure(WalrusTypes.BLOB_ID, blobId);
    }
}
