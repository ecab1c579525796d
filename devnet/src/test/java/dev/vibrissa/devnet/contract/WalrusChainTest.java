package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.contract.NodeCommittee.Certificate;
import dev.vibrissa.devnet.ledger.Executed;
import dev.vibrissa.devnet.ledger.Ptb;
import dev.vibrissa.devnet.ledger.move.MoveType;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobInvalid;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.SystemStateInner.FutureAccounting;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small Walrus on the real ledger; {@link WalAudit} counts its money after each transaction. */
class WalrusChainTest {
    private static final long WAL = SmallWalrus.WAL;
    private static final long SIZE = 100_000;

    @TempDir
    Path folder;

    private SmallWalrus walrus;

    @BeforeEach
    void begin() {
        walrus = SmallWalrus.begin(folder);
        walrus.register("op-0", 1_000, 1_000, 40_000 * WAL);
        walrus.register("op-1", 0, 2_000, 30_000 * WAL);
        walrus.register("op-2", 500, 3_000, 20_000 * WAL);
        walrus.register("op-3", 2_000, 4_000, 10_000 * WAL);
        walrus.nextEpoch();
    }

    @AfterEach
    void end() {
        walrus.close();
    }

    @Test
    void theFirstCommitteeHoldsShardsByStake() {
        var staking = walrus.state().stakingInner();
        assertThat(staking.epoch()).isEqualTo(1);
        assertThat(walrus.operators().stream()
                        .map(each -> staking.committee()
                                .shards()
                                .getOrDefault(each.nodeId(), List.of())
                                .size()))
                .containsExactly(40, 30, 20, 10);
        var system = walrus.state().systemInner();
        assertThat(system.committee().nShards()).isEqualTo(100);
        assertThat(system.storagePricePerUnitSize())
                .as("two thirds of the shards ask for no more")
                .isEqualTo(2_000);
        assertThat(walrus.state().treasuryCap().totalSupply()).isEqualTo(WalrusGenesis.SUPPLY);
    }

    @Test
    void aBlobIsRegisteredCertifiedExtendedAndDeleted() {
        SuiAddress blob = register("ann", 1, true, 3);
        var certified = certify("ann", blob, 1, Optional.of(blob), walrus.operators());
        assertThat(names(certified.orThrow())).containsExactly("BlobCertified");
        assertThat(walrus.state().object(walrus.types().blob, blob).certifiedEpoch())
                .contains(1L);

        var extended = walrus.run(
                "ann",
                (w, ptb) -> w.call(
                        ptb, "system", "extend_blob", w.system(ptb), ptb.object(blob), ptb.u32(4), w.wal(ptb, "ann")));
        assertThat(names(extended)).containsExactly("BlobCertified");
        assertThat(walrus.state().object(walrus.types().blob, blob).storage().endEpoch())
                .isEqualTo(8);

        var deleted = walrus.run("ann", (w, ptb) -> {
            w.call(
                    ptb,
                    "blob",
                    "insert_or_update_metadata_pair",
                    ptb.object(blob),
                    ptb.string("key"),
                    ptb.string("value"));
            var storage = w.call(ptb, "system", "delete_blob", w.system(ptb), ptb.object(blob));
            ptb.transfer(w.sender("ann").address(), storage);
        });
        assertThat(names(deleted)).containsExactly("BlobDeleted");
        assertThat(walrus.owned("ann", walrus.types().storage)).isPresent();
        assertThat(walrus.ledger().current(blob)).isEmpty();
    }

    @Test
    void onlyAQuorumThatReallySignedCertifies() {
        SuiAddress blob = register("ann", 2, false, 2);
        var system = walrus.state().systemInner();
        byte[] message = new BlobStored(1, blobId(2), Optional.empty()).encode();
        List<Operator> few = walrus.operators().subList(0, 1); // 40 shards
        assertAborts(certify("ann", blob, 2, Optional.empty(), few), "bls_aggregate::verify_certificate_and_weight 2");

        var all = Operator.certify(system.committee(), walrus.operators(), message);
        var forged = new Certificate(
                Operator.certify(system.committee(), few, message).signature(), all.signersBitmap(), message);
        assertAborts(certify("ann", blob, forged), "bls_aggregate::verify_certificate_and_weight 1");
        var strangers = new Certificate(all.signature(), new byte[] {(byte) 0xff}, message);
        assertAborts(certify("ann", blob, strangers), "bls_aggregate::verify_certificate_and_weight 0");
        var other = Operator.certify(
                system.committee(), walrus.operators(), new BlobStored(1, blobId(3), Optional.empty()).encode());
        assertAborts(certify("ann", blob, other), "blob::certify_with_certified_msg 6");
        var past = Operator.certify(
                system.committee(), walrus.operators(), new BlobStored(0, blobId(2), Optional.empty()).encode());
        assertAborts(certify("ann", blob, past), "messages::new_certified_message 1");
        var wrongKind =
                Operator.certify(system.committee(), walrus.operators(), new BlobInvalid(1, blobId(2)).encode());
        assertThat(certify("ann", blob, wrongKind).isSuccess()).isFalse();

        List<Operator> enough = walrus.operators().subList(0, 2); // 70 shards
        certify("ann", blob, 2, Optional.empty(), enough).orThrow();
    }

    @Test
    void anInconsistentBlobIsDeclaredInvalidByAThird() {
        byte[] message = new BlobInvalid(1, blobId(4)).encode();
        var certificate = Operator.certify(
                walrus.state().systemInner().committee(), walrus.operators().subList(0, 1), message);
        var executed = walrus.run(
                "bob",
                (w, ptb) -> w.call(
                        ptb,
                        "system",
                        "invalidate_blob_id",
                        w.system(ptb),
                        ptb.bytes(certificate.signature()),
                        ptb.bytes(certificate.signersBitmap()),
                        ptb.bytes(message)));
        assertThat(names(executed)).containsExactly("InvalidBlobID");
    }

    @Test
    void anybodyCanFundAndExtendASharedBlob() {
        SuiAddress blob = register("ann", 5, false, 2);
        certify("ann", blob, 5, Optional.empty(), walrus.operators()).orThrow();
        var shared = walrus.run("ann", (w, ptb) -> w.call(ptb, "shared_blob", "new", ptb.object(blob)));
        SuiAddress id =
                shared.created(walrus.types().sharedBlob.structTag()).getFirst().id();
        walrus.run("bob", (w, ptb) -> {
            w.call(ptb, "shared_blob", "fund", ptb.object(id), ptb.split(w.wal(ptb, "bob"), WAL));
            w.call(ptb, "shared_blob", "extend", ptb.object(id), w.system(ptb), ptb.u32(3));
        });
        var object = walrus.state().object(walrus.types().sharedBlob, id);
        assertThat(object.blob().storage().endEpoch()).isEqualTo(6);
        assertThat(object.funds()).isBetween(1L, WAL - 1);
    }

    @Test
    void blobsOfAPoolLiveAsLongAsThePool() {
        long encoded = SystemState.encodedSize(SmallWalrus.SHARDS, SIZE, 1);
        var created = walrus.run(
                "ann",
                (w, ptb) -> ptb.transfer(
                        w.sender("ann").address(),
                        w.call(
                                ptb,
                                "system",
                                "create_storage_pool",
                                w.system(ptb),
                                ptb.u64(2 * encoded),
                                ptb.u32(2),
                                w.wal(ptb, "ann"))));
        SuiAddress pool = created.created(walrus.types().storagePool.structTag())
                .getFirst()
                .id();
        var registered = walrus.run(
                "ann",
                (w, ptb) -> w.call(
                        ptb,
                        "system",
                        "register_pooled_blob",
                        w.system(ptb),
                        ptb.object(pool),
                        ptb.pure(WalrusTypes.BLOB_ID, blobId(6)),
                        ptb.pure(MoveType.U256, root(6)),
                        ptb.u64(SIZE),
                        ptb.u8(1),
                        ptb.bool(true),
                        w.wal(ptb, "ann")));
        SuiAddress blob = registered
                .created(walrus.types().pooledBlob.structTag())
                .getFirst()
                .id();
        byte[] message = new BlobStored(1, blobId(6), Optional.of(blob)).encode();
        var certificate = Operator.certify(walrus.state().systemInner().committee(), walrus.operators(), message);
        var events = walrus.run("ann", (w, ptb) -> {
            w.call(
                    ptb,
                    "system",
                    "certify_pooled_blob",
                    w.system(ptb),
                    ptb.object(pool),
                    ptb.pure(WalrusTypes.BLOB_ID, blobId(6)),
                    ptb.bytes(certificate.signature()),
                    ptb.bytes(certificate.signersBitmap()),
                    ptb.bytes(message));
            w.call(
                    ptb,
                    "system",
                    "extend_storage_pool",
                    w.system(ptb),
                    ptb.object(pool),
                    ptb.u32(3),
                    w.wal(ptb, "ann"));
            w.call(
                    ptb,
                    "system",
                    "increase_storage_pool_capacity",
                    w.system(ptb),
                    ptb.object(pool),
                    ptb.u64(encoded),
                    w.wal(ptb, "ann"));
            w.call(
                    ptb,
                    "system",
                    "delete_pooled_blob",
                    w.system(ptb),
                    ptb.object(pool),
                    ptb.pure(WalrusTypes.BLOB_ID, blobId(6)));
        });
        assertThat(names(events)).containsExactly("PooledBlobCertified", "StoragePoolExtended", "PooledBlobDeleted");
    }

    @Test
    void stakersAreRewardedAndLeaveTwoEpochsLater() {
        register("ann", 7, false, 5);
        SuiAddress staked = walrus.stake("bob", walrus.operators().getFirst(), 10_000 * WAL);
        walrus.nextEpoch();
        register("ann", 8, false, 5);
        walrus.run(
                "bob",
                (w, ptb) -> w.call(ptb, "staking", "request_withdraw_stake", w.staking(ptb), ptb.object(staked)));
        assertAborts(withdraw(staked), "staking_pool::withdraw_stake 11");
        walrus.nextEpoch();
        long before = walrus.balance("bob");
        withdraw(staked).orThrow();
        walrus.tidy("bob");
        assertThat(walrus.balance("bob") - before).isGreaterThan(10_000 * WAL);
        assertThat(walrus.state().treasuryCap().totalSupply())
                .as("three percent of the pots are burnt")
                .isLessThan(WalrusGenesis.SUPPLY);

        var operator = walrus.operators().getFirst();
        assertThat(walrus.state().pool(operator.nodeId()).commission()).isPositive();
        walrus.pass(SmallWalrus.EPOCH.dividedBy(2));
        walrus.endVoting();
        walrus.run("op-0", (w, ptb) -> {
            var auth = ptb.call(
                    w.state().packageId(),
                    "auth",
                    "authenticate_with_object",
                    List.of(w.types().nodeCap.tag()),
                    ptb.object(operator.capId()));
            var coin = w.call(
                    ptb,
                    "staking",
                    "collect_commission",
                    w.staking(ptb),
                    ptb.pure(MoveType.ID, operator.nodeId()),
                    auth);
            ptb.transfer(w.sender("op-0").address(), coin);
        });
        assertThat(walrus.state().pool(operator.nodeId()).commission()).isZero();
    }

    @Test
    void pricesFollowVotesAtOnce() {
        for (Operator operator : walrus.operators()) {
            walrus.run(
                    operator.name(),
                    (w, ptb) -> w.call(
                            ptb,
                            "staking",
                            "set_storage_price_vote",
                            w.staking(ptb),
                            ptb.object(operator.capId()),
                            ptb.u64(777)));
        }
        assertThat(walrus.state().systemInner().storagePricePerUnitSize()).isEqualTo(2_000);
        walrus.run("ann", (w, ptb) -> w.call(ptb, "staking", "update_prices", w.staking(ptb), w.system(ptb)));
        assertThat(walrus.state().systemInner().storagePricePerUnitSize()).isEqualTo(777);
    }

    @Test
    void subsidiesRaiseThePotAndPayOperators() {
        walrus.run(
                "foundation",
                (w, ptb) -> ptb.call(
                        w.types().packages.subsidies2(),
                        "walrus_subsidies",
                        "add_coin",
                        w.subsidies(ptb),
                        ptb.split(w.wal(ptb, "foundation"), 1_000 * WAL)));
        register("ann", 9, false, 2);
        long paid = rewards();
        processSubsidies();
        assertThat(rewards()).as("half of it is added").isEqualTo(paid + paid / 2 - paid / 2 % 1);
        walrus.nextEpoch();
        long before = walrus.state().subsidies().subsidyPool();
        processSubsidies();
        assertThat(before - walrus.state().subsidies().subsidyPool())
                .as("base for four nodes, and a tenth of a WAL for each of 100 shards")
                .isGreaterThanOrEqualTo(4 * 2 * WAL + 10 * WAL);
    }

    @Test
    void aQuorumTakesAnOperatorsCommission() {
        register("ann", 10, false, 2);
        walrus.nextEpoch();
        var candidate = walrus.operators().getFirst();
        long commission = walrus.state().pool(candidate.nodeId()).commission();
        assertThat(commission).isPositive();
        long supply = walrus.state().treasuryCap().totalSupply();
        voteForSlashing(1, candidate);
        assertAborts(slash(candidate), "slashing::execute_slashing 4");
        voteForSlashing(0, candidate);
        slash(candidate).orThrow();
        assertThat(walrus.state().pool(candidate.nodeId()).commission()).isZero();
        assertThat(walrus.state().treasuryCap().totalSupply()).isEqualTo(supply - commission);
    }

    @Test
    void anUpgradeMovesTheStateAndBringsAnUnknownEvent() {
        var first = walrus.state().packageId();
        var modules = WalrusContracts.nextVersion();
        var dependencies = List.of(SuiAddress.parse("0x2"));
        Bytes digest = Ptb.upgradeDigest(modules, dependencies);
        assertThat(names(voteForUpgrade(0, digest))).containsExactly("ContractUpgradeProposed");
        assertThat(names(voteForUpgrade(1, digest))).containsExactly("ContractUpgradeQuorumReached");
        var upgraded = walrus.run("op-0", (w, ptb) -> {
            var ticket = w.call(
                    ptb,
                    "upgrade",
                    "authorize_upgrade",
                    w.upgradeManager(ptb),
                    w.staking(ptb),
                    ptb.bytes(digest.toByteArray()));
            var receipt = ptb.upgrade(first, ticket, modules, dependencies);
            w.call(ptb, "upgrade", "commit_upgrade", w.upgradeManager(ptb), w.staking(ptb), w.system(ptb), receipt);
        });
        var next = upgraded.packages().getFirst().id();
        assertThat(walrus.state().packageId()).as("in force until migrated").isEqualTo(first);
        var migrated =
                walrus.run("op-0", (w, ptb) -> ptb.call(next, "init", "migrate_v2", w.staking(ptb), w.system(ptb)));
        assertThat(names(migrated)).containsExactly("ContractUpgraded");
        assertThat(walrus.state().system().version()).isEqualTo(4);
        assertThat(walrus.state().packageId()).isEqualTo(next);

        assertAborts(
                walrus.attempt(
                        "ann", (w, ptb) -> ptb.call(first, "staking", "update_prices", w.staking(ptb), w.system(ptb))),
                "staking::inner_mut 1");
        var audit = walrus.run(
                "ann",
                (w, ptb) -> w.call(
                        ptb,
                        "system",
                        "record_audit",
                        w.system(ptb),
                        ptb.pure(MoveType.ID, walrus.operators().getFirst().nodeId()),
                        ptb.u64(5)));
        assertThat(audit.events().getFirst().type()).hasToString(next + "::events::ShardAuditRecorded");
        register("ann", 11, false, 2);
        walrus.nextEpoch();
        assertThat(walrus.state().stakingInner().epoch()).isEqualTo(2);
    }

    @Test
    void storageIsSplitAndFused() {
        long encoded = SystemState.encodedSize(SmallWalrus.SHARDS, SIZE, 1);
        walrus.run("ann", (w, ptb) -> {
            var storage = w.call(
                    ptb, "system", "reserve_space", w.system(ptb), ptb.u64(encoded), ptb.u32(4), w.wal(ptb, "ann"));
            var later = w.call(ptb, "storage_resource", "split_by_epoch", storage, ptb.u32(3));
            var rest = w.call(ptb, "storage_resource", "split_by_size", later, ptb.u64(1_000));
            w.call(ptb, "storage_resource", "fuse", later, rest);
            w.call(ptb, "storage_resource", "fuse", storage, later);
            ptb.transfer(w.sender("ann").address(), storage);
        });
        var storage = walrus.state()
                .object(
                        walrus.types().storage,
                        walrus.owned("ann", walrus.types().storage).orElseThrow());
        assertThat(storage.startEpoch()).isEqualTo(1);
        assertThat(storage.endEpoch()).isEqualTo(5);
        assertThat(storage.storageSize()).isEqualTo(encoded);
    }

    private Executed withdraw(SuiAddress staked) {
        return walrus.attempt(
                "bob",
                (w, ptb) -> ptb.transfer(
                        w.sender("bob").address(),
                        w.call(ptb, "staking", "withdraw_stake", w.staking(ptb), ptb.object(staked))));
    }

    private long rewards() {
        return walrus.state().systemInner().futureAccounting().ringBuffer().stream()
                .mapToLong(FutureAccounting::rewardsToDistribute)
                .sum();
    }

    private void processSubsidies() {
        walrus.run(
                "op-1",
                (w, ptb) -> ptb.call(
                        w.types().packages.subsidies2(),
                        "walrus_subsidies",
                        "process_subsidies",
                        w.subsidies(ptb),
                        w.staking(ptb),
                        w.system(ptb),
                        ptb.clock()));
    }

    private void voteForSlashing(int voter, Operator candidate) {
        var operator = walrus.operators().get(voter);
        walrus.run(
                operator.name(),
                (w, ptb) -> w.call(
                        ptb,
                        "slashing",
                        "vote_for_slashing",
                        w.slashingManager(ptb),
                        w.staking(ptb),
                        w.call(ptb, "auth", "authenticate_sender"),
                        ptb.pure(MoveType.ID, operator.nodeId()),
                        ptb.pure(MoveType.ID, candidate.nodeId())));
    }

    private Executed slash(Operator candidate) {
        return walrus.attempt(
                "ann",
                (w, ptb) -> w.call(
                        ptb,
                        "slashing",
                        "execute_slashing",
                        w.slashingManager(ptb),
                        w.staking(ptb),
                        w.treasury(ptb),
                        ptb.pure(MoveType.ID, candidate.nodeId())));
    }

    private Executed voteForUpgrade(int voter, Bytes digest) {
        var operator = walrus.operators().get(voter);
        return walrus.run(
                operator.name(),
                (w, ptb) -> w.call(
                        ptb,
                        "upgrade",
                        "vote_for_upgrade",
                        w.upgradeManager(ptb),
                        w.staking(ptb),
                        w.call(ptb, "auth", "authenticate_sender"),
                        ptb.pure(MoveType.ID, operator.nodeId()),
                        ptb.bytes(digest.toByteArray())));
    }

    /** Buys storage and registers a blob, whose content a number stands for. */
    private SuiAddress register(String person, int content, boolean deletable, long epochs) {
        var executed = walrus.run(person, (w, ptb) -> {
            var coin = w.wal(ptb, person);
            var storage = w.call(
                    ptb,
                    "system",
                    "reserve_space",
                    w.system(ptb),
                    ptb.u64(SystemState.encodedSize(SmallWalrus.SHARDS, SIZE, 1)),
                    ptb.u32(epochs),
                    coin);
            Argument blob = w.call(
                    ptb,
                    "system",
                    "register_blob",
                    w.system(ptb),
                    storage,
                    ptb.pure(WalrusTypes.BLOB_ID, blobId(content)),
                    ptb.pure(MoveType.U256, root(content)),
                    ptb.u64(SIZE),
                    ptb.u8(1),
                    ptb.bool(deletable),
                    coin);
            ptb.transfer(w.sender(person).address(), blob);
        });
        assertThat(names(executed)).containsExactly("BlobRegistered");
        return executed.created(walrus.types().blob.structTag()).getFirst().id();
    }

    private Executed certify(
            String person, SuiAddress blob, int content, Optional<SuiAddress> object, List<Operator> signers) {
        var committee = walrus.state().systemInner().committee();
        byte[] message = new BlobStored(committee.epoch(), blobId(content), object).encode();
        return certify(person, blob, Operator.certify(committee, signers, message));
    }

    private Executed certify(String person, SuiAddress blob, Certificate certificate) {
        return walrus.attempt(
                person,
                (w, ptb) -> w.call(
                        ptb,
                        "system",
                        "certify_blob",
                        w.system(ptb),
                        ptb.object(blob),
                        ptb.bytes(certificate.signature()),
                        ptb.bytes(certificate.signersBitmap()),
                        ptb.bytes(certificate.message())));
    }

    private static BigInteger root(int content) {
        return BigInteger.valueOf(content);
    }

    private static BlobId blobId(int content) {
        return new BlobId(
                Blake2b.hash(new BcsWriter().u8(1).u64(SIZE).u256(root(content)).toByteArray()));
    }

    private static List<String> names(Executed executed) {
        return executed.events().stream().map(event -> event.type().name()).toList();
    }

    private static void assertAborts(Executed executed, String abort) {
        assertThat(executed.effects().status().toString()).contains("abort " + abort);
    }
}
