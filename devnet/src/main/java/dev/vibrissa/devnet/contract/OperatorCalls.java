package dev.vibrissa.devnet.contract;

import dev.vibrissa.devnet.ledger.ModuleCode;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.util.List;

/** Writes what operators of storage nodes call into a transaction; {@code cap} is a node's StorageNodeCap. */
public record OperatorCalls(WalrusCalls walrus) {
    /** What version 4 is linked to. */
    private static final List<SuiAddress> DEPENDENCIES = List.of(SuiAddress.parse("0x2"));

    /**
     * Who wants to operate a node.
     *
     * @param publicKey BLS, 48 bytes
     * @param networkPublicKey P-256, 33 bytes
     * @param proofOfPossession the BLS key's signature of the current Walrus epoch, the sender and itself
     * @param commissionRate basis points
     * @param storagePrice vote, FROST per MiB and epoch
     * @param writePrice vote, FROST per MiB
     * @param nodeCapacity vote, bytes
     */
    public record Candidate(
            String name,
            String networkAddress,
            String description,
            byte[] publicKey,
            byte[] networkPublicKey,
            byte[] proofOfPossession,
            int commissionRate,
            long storagePrice,
            long writePrice,
            long nodeCapacity) {}

    /** Gives the cap. */
    public Argument.Result registerCandidate(Candidate candidate) {
        var metadata = walrus.call(
                "node_metadata", "new", ptb().string(""), ptb().string(""), ptb().string(candidate.description));
        return walrus.call(
                "staking",
                "register_candidate",
                walrus.staking(),
                ptb().string(candidate.name),
                ptb().string(candidate.networkAddress),
                metadata,
                ptb().bytes(candidate.publicKey),
                ptb().bytes(candidate.networkPublicKey),
                ptb().bytes(candidate.proofOfPossession),
                ptb().u16(candidate.commissionRate),
                ptb().u64(candidate.storagePrice),
                ptb().u64(candidate.writePrice),
                ptb().u64(candidate.nodeCapacity));
    }

    public void voteStoragePrice(Argument cap, long frost) {
        walrus.call("staking", "set_storage_price_vote", walrus.staking(), cap, ptb().u64(frost));
    }

    public void voteWritePrice(Argument cap, long frost) {
        walrus.call("staking", "set_write_price_vote", walrus.staking(), cap, ptb().u64(frost));
    }

    public void voteNodeCapacity(Argument cap, long bytes) {
        walrus.call("staking", "set_node_capacity_vote", walrus.staking(), cap, ptb().u64(bytes));
    }

    public void setNextCommission(Argument cap, int basisPoints) {
        walrus.call("staking", "set_next_commission", walrus.staking(), cap, ptb().u16(basisPoints));
    }

    public void setNetworkAddress(Argument cap, String networkAddress) {
        walrus.call("staking", "set_network_address", walrus.staking(), cap, ptb().string(networkAddress));
    }

    public void setNetworkPublicKey(Argument cap, byte[] key) {
        walrus.call("staking", "set_network_public_key", walrus.staking(), cap, ptb().bytes(key));
    }

    /** Gives a coin. */
    public Argument.Result collectCommission(Argument cap, SuiAddress nodeId) {
        var auth = ptb().call(
                        walrus.packageId(),
                        "auth",
                        "authenticate_with_object",
                        List.of(walrus.contracts().types().nodeCap.tag()),
                        cap);
        return walrus.call("staking", "collect_commission", walrus.staking(), walrus.id(nodeId), auth);
    }

    // Epochs: anybody may call these when their time has come

    public void endVoting() {
        walrus.call("staking", "voting_end", walrus.staking(), ptb().clock());
    }

    public void changeEpoch() {
        walrus.call(
                "staking", "initiate_epoch_change_v2", walrus.staking(), walrus.system(), treasury(), ptb().clock());
    }

    public void syncDone(Argument cap, long epoch) {
        walrus.call("staking", "epoch_sync_done", walrus.staking(), cap, ptb().u32(epoch), ptb().clock());
    }

    public void certifyEventBlob(Argument cap, WalrusCalls.Content content, long endingCheckpoint, long epoch) {
        walrus.call(
                "system",
                "certify_event_blob",
                walrus.system(),
                cap,
                ptb().pure(WalrusTypes.BLOB_ID, content.blobId()),
                ptb().pure(MoveType.U256, content.rootHash()),
                ptb().u64(content.size()),
                ptb().u8(1),
                ptb().u64(endingCheckpoint),
                ptb().u32(epoch));
    }

    public void processSubsidies() {
        subsidies("process_subsidies", walrus.staking(), walrus.system(), ptb().clock());
    }

    public void fundSubsidies(Argument coin) {
        subsidies("add_coin", coin);
    }

    private void subsidies(String function, Argument... more) {
        var arguments = new Argument[more.length + 1];
        arguments[0] =
                ptb().object(walrus.contracts().objects().walrusSubsidies().orElseThrow());
        System.arraycopy(more, 0, arguments, 1, more.length);
        ptb().call(walrus.contracts().types().packages.subsidies2(), "walrus_subsidies", function, arguments);
    }

    // Governance: the sender votes for its own node

    public void voteForSlashing(SuiAddress voter, SuiAddress candidate) {
        walrus.call(
                "slashing",
                "vote_for_slashing",
                slashingManager(),
                walrus.staking(),
                sender(),
                walrus.id(voter),
                walrus.id(candidate));
    }

    public void executeSlashing(SuiAddress candidate) {
        walrus.call(
                "slashing", "execute_slashing", slashingManager(), walrus.staking(), treasury(), walrus.id(candidate));
    }

    /** Votes for the next version of the contracts that this module knows. */
    public void voteForUpgrade(SuiAddress voter) {
        walrus.call(
                "upgrade",
                "vote_for_upgrade",
                upgradeManager(),
                walrus.staking(),
                sender(),
                walrus.id(voter),
                ptb().bytes(digest().toByteArray()));
    }

    /** Publishes that version, which a quorum has voted for; it is not in force before {@link #migrate}. */
    public void upgrade() {
        var ticket = walrus.call(
                "upgrade",
                "authorize_upgrade",
                upgradeManager(),
                walrus.staking(),
                ptb().bytes(digest().toByteArray()));
        var receipt = ptb().upgrade(walrus.packageId(), ticket, nextVersion(), DEPENDENCIES);
        walrus.call("upgrade", "commit_upgrade", upgradeManager(), walrus.staking(), walrus.system(), receipt);
    }

    /** Puts a version in force that was published. */
    public void migrate(SuiAddress newPackageId) {
        ptb().call(newPackageId, "init", "migrate_v2", walrus.staking(), walrus.system());
    }

    /** Emits the event that no indexer knows; only after the upgrade. */
    public void recordAudit(SuiAddress nodeId, long auditedShards) {
        walrus.call("system", "record_audit", walrus.system(), walrus.id(nodeId), ptb().u64(auditedShards));
    }

    private static List<ModuleCode> nextVersion() {
        return WalrusContracts.nextVersion();
    }

    private static Bytes digest() {
        return Ptb.upgradeDigest(nextVersion(), DEPENDENCIES);
    }

    private Ptb ptb() {
        return walrus.ptb();
    }

    private Argument sender() {
        return walrus.call("auth", "authenticate_sender");
    }

    private Argument treasury() {
        return ptb().object(walrus.contracts().objects().treasury().orElseThrow());
    }

    private Argument slashingManager() {
        return ptb().object(walrus.contracts().objects().slashingManager().orElseThrow());
    }

    private Argument upgradeManager() {
        return ptb().object(walrus.contracts().objects().upgradeManager().orElseThrow());
    }
}
