package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vibrissa.devnet.ledger.Executed;
import dev.vibrissa.protocol.bcs.BcsWriter;
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

        var extended = walrus.run("ann", (calls, ptb) -> calls.extendBlob(ptb.object(blob), 4, walrus.wal(ptb, "ann")));
        assertThat(names(extended)).containsExactly("BlobCertified");
        assertThat(walrus.state().object(walrus.types().blob, blob).storage().endEpoch())
                .isEqualTo(8);

        var deleted = walrus.run("ann", (calls, ptb) -> {
            calls.setAttribute(ptb.object(blob), "key", "value");
            ptb.transfer(walrus.sender("ann").address(), calls.deleteBlob(ptb.object(blob)));
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
        var executed = walrus.run("bob", (calls, _) -> calls.invalidateBlobId(certificate));
        assertThat(names(executed)).containsExactly("InvalidBlobID");
    }

    @Test
    void anybodyCanFundAndExtendASharedBlob() {
        SuiAddress blob = register("ann", 5, false, 2);
        certify("ann", blob, 5, Optional.empty(), walrus.operators()).orThrow();
        var shared = walrus.run("ann", (calls, ptb) -> calls.shareBlob(ptb.object(blob), Optional.empty()));
        SuiAddress id =
                shared.created(walrus.types().sharedBlob.structTag()).getFirst().id();
        walrus.run("bob", (calls, ptb) -> {
            calls.fundSharedBlob(ptb.object(id), ptb.split(walrus.wal(ptb, "bob"), WAL));
            calls.extendSharedBlob(ptb.object(id), 3);
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
                (calls, ptb) -> ptb.transfer(
                        walrus.sender("ann").address(),
                        calls.createStoragePool(2 * encoded, 2, walrus.wal(ptb, "ann"))));
        SuiAddress pool = created.created(walrus.types().storagePool.structTag())
                .getFirst()
                .id();
        var registered = walrus.run(
                "ann",
                (calls, ptb) -> calls.registerPooledBlob(ptb.object(pool), content(6), true, walrus.wal(ptb, "ann")));
        SuiAddress blob = registered
                .created(walrus.types().pooledBlob.structTag())
                .getFirst()
                .id();
        byte[] message = new BlobStored(1, blobId(6), Optional.of(blob)).encode();
        var certificate = Operator.certify(walrus.state().systemInner().committee(), walrus.operators(), message);
        var events = walrus.run("ann", (calls, ptb) -> {
            calls.certifyPooledBlob(ptb.object(pool), blobId(6), certificate);
            calls.extendStoragePool(ptb.object(pool), 3, walrus.wal(ptb, "ann"));
            calls.increaseStoragePool(ptb.object(pool), encoded, walrus.wal(ptb, "ann"));
            calls.deletePooledBlob(ptb.object(pool), blobId(6));
        });
        assertThat(names(events)).containsExactly("PooledBlobCertified", "StoragePoolExtended", "PooledBlobDeleted");
    }

    @Test
    void stakersAreRewardedAndLeaveTwoEpochsLater() {
        register("ann", 7, false, 5);
        SuiAddress staked = walrus.stake("bob", walrus.operators().getFirst(), 10_000 * WAL);
        walrus.nextEpoch();
        register("ann", 8, false, 5);
        walrus.run("bob", (calls, ptb) -> calls.requestWithdraw(ptb.object(staked)));
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
        walrus.run(
                "op-0",
                (calls, ptb) -> ptb.transfer(
                        walrus.sender("op-0").address(),
                        new OperatorCalls(calls).collectCommission(ptb.object(operator.capId()), operator.nodeId())));
        assertThat(walrus.state().pool(operator.nodeId()).commission()).isZero();
    }

    @Test
    void pricesFollowVotesAtOnce() {
        for (Operator operator : walrus.operators()) {
            walrus.run(
                    operator.name(),
                    (calls, ptb) -> new OperatorCalls(calls).voteStoragePrice(ptb.object(operator.capId()), 777));
        }
        assertThat(walrus.state().systemInner().storagePricePerUnitSize()).isEqualTo(2_000);
        walrus.run("ann", (calls, _) -> calls.updatePrices());
        assertThat(walrus.state().systemInner().storagePricePerUnitSize()).isEqualTo(777);
    }

    @Test
    void subsidiesRaiseThePotAndPayOperators() {
        walrus.run(
                "foundation",
                (calls, ptb) ->
                        new OperatorCalls(calls).fundSubsidies(ptb.split(walrus.wal(ptb, "foundation"), 1_000 * WAL)));
        register("ann", 9, false, 2);
        long paid = rewards();
        processSubsidies();
        assertThat(rewards()).as("half of it is added").isCloseTo(paid + paid / 2, within(2L));
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
        assertThat(names(voteForUpgrade(0))).containsExactly("ContractUpgradeProposed");
        assertThat(names(voteForUpgrade(1))).containsExactly("ContractUpgradeQuorumReached");
        var upgraded = walrus.run("op-0", (calls, _) -> new OperatorCalls(calls).upgrade());
        var next = upgraded.packages().getFirst().id();
        assertThat(walrus.state().packageId()).as("in force until migrated").isEqualTo(first);
        var migrated = walrus.run("op-0", (calls, _) -> new OperatorCalls(calls).migrate(next));
        assertThat(names(migrated)).containsExactly("ContractUpgraded");
        assertThat(walrus.state().system().version()).isEqualTo(4);
        assertThat(walrus.state().packageId()).isEqualTo(next);

        var old = walrus.attempt("ann", (calls, ptb) -> new WalrusCalls(ptb, calls.contracts(), first).updatePrices());
        assertAborts(old, "staking::inner_mut 1");
        SuiAddress node = walrus.operators().getFirst().nodeId();
        var audit = walrus.run("ann", (calls, _) -> new OperatorCalls(calls).recordAudit(node, 5));
        assertThat(audit.events().getFirst().type()).hasToString(next + "::events::ShardAuditRecorded");
        register("ann", 11, false, 2);
        walrus.nextEpoch();
        assertThat(walrus.state().stakingInner().epoch()).isEqualTo(2);
    }

    @Test
    void afterARestartItGoesOnFromItsObjects() {
        register("ann", 12, false, 5);
        walrus.pass(SmallWalrus.EPOCH.dividedBy(2));
        walrus.endVoting();
        var before = walrus.state().stakingInner();
        walrus.close();
        walrus = SmallWalrus.resume(folder, walrus.now(), walrus.operators());
        assertThat(walrus.state().stakingInner()).isEqualTo(before);
        walrus.pass(SmallWalrus.EPOCH.dividedBy(2));
        walrus.changeEpoch();
        assertThat(walrus.state().stakingInner().epoch()).isEqualTo(2);
    }

    @Test
    void storageIsSplitAndFused() {
        long encoded = SystemState.encodedSize(SmallWalrus.SHARDS, SIZE, 1);
        walrus.run("ann", (calls, ptb) -> {
            var storage = calls.reserveSpace(encoded, 4, walrus.wal(ptb, "ann"));
            var later = calls.call("storage_resource", "split_by_epoch", storage, ptb.u32(3));
            var rest = calls.call("storage_resource", "split_by_size", later, ptb.u64(1_000));
            calls.call("storage_resource", "fuse", later, rest);
            calls.call("storage_resource", "fuse", storage, later);
            ptb.transfer(walrus.sender("ann").address(), storage);
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
                (calls, ptb) -> ptb.transfer(walrus.sender("bob").address(), calls.withdraw(ptb.object(staked))));
    }

    private long rewards() {
        return walrus.state().systemInner().futureAccounting().ringBuffer().stream()
                .mapToLong(FutureAccounting::rewardsToDistribute)
                .sum();
    }

    private void processSubsidies() {
        walrus.run("op-1", (calls, _) -> new OperatorCalls(calls).processSubsidies());
    }

    private void voteForSlashing(int voter, Operator candidate) {
        var operator = walrus.operators().get(voter);
        walrus.run(
                operator.name(),
                (calls, _) -> new OperatorCalls(calls).voteForSlashing(operator.nodeId(), candidate.nodeId()));
    }

    private Executed slash(Operator candidate) {
        return walrus.attempt("ann", (calls, _) -> new OperatorCalls(calls).executeSlashing(candidate.nodeId()));
    }

    private Executed voteForUpgrade(int voter) {
        var operator = walrus.operators().get(voter);
        return walrus.run(operator.name(), (calls, _) -> new OperatorCalls(calls).voteForUpgrade(operator.nodeId()));
    }

    /** Buys storage and registers a blob, whose content a number stands for. */
    private SuiAddress register(String person, int content, boolean deletable, long epochs) {
        long encoded = SystemState.encodedSize(SmallWalrus.SHARDS, SIZE, 1);
        var executed = walrus.run(person, (calls, ptb) -> {
            var coin = walrus.wal(ptb, person);
            var storage = calls.reserveSpace(encoded, epochs, coin);
            ptb.transfer(
                    walrus.sender(person).address(), calls.registerBlob(storage, content(content), deletable, coin));
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
        return walrus.attempt(person, (calls, ptb) -> calls.certifyBlob(ptb.object(blob), certificate));
    }

    private static WalrusCalls.Content content(int content) {
        return new WalrusCalls.Content(blobId(content), root(content), SIZE);
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
