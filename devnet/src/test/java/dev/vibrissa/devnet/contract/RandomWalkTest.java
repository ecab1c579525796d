package dev.vibrissa.devnet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.devnet.ledger.Executed;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.sui.Blake2b;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage.BlobStored;
import dev.vibrissa.protocol.walrus.object.StakedWal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who do anything at any time; {@link WalAudit} finds no FROST too many and none lost. */
class RandomWalkTest {
    private static final int STEPS = 150;
    private static final List<String> USERS = List.of("ann", "bob");
    private static final long WAL = SmallWalrus.WAL;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whoeverStakedGetsAtLeastThatBackInTheEnd(long seed) {
        System.out.println("seed walrusRandomWalk=" + seed);
        var random = new Random(seed);
        try (var walrus = SmallWalrus.begin(folder)) {
            for (int i = 0; i < 4; i++) {
                walrus.register("op-" + i, random.nextInt(3_000), 1 + random.nextInt(5_000), (1 + i) * 5_000 * WAL);
            }
            walrus.run(
                    "foundation",
                    (calls, ptb) -> new OperatorCalls(calls)
                            .fundSubsidies(ptb.split(walrus.wal(ptb, "foundation"), 100_000 * WAL)));
            walrus.nextEpoch();
            int succeeded = 0;
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(12) == 0) {
                    walrus.nextEpoch();
                } else {
                    succeeded += step(walrus, random) ? 1 : 0;
                }
            }
            assertThat(succeeded).as("steps that succeeded").isGreaterThan(STEPS / 3);
            for (int epochs = 0; epochs < 2; epochs++) {
                USERS.forEach(user -> requestAll(walrus, user));
                walrus.nextEpoch();
                walrus.nextEpoch();
            }
            USERS.forEach(user -> withdrawAll(walrus, user));
        }
    }

    private boolean step(SmallWalrus walrus, Random random) {
        String user = USERS.get(random.nextInt(USERS.size()));
        Operator operator = walrus.operators().get(random.nextInt(4));
        walrus.tidy(user);
        Executed executed = switch (random.nextInt(9)) {
            case 0, 1 -> register(walrus, user, random);
            case 2 -> extend(walrus, user, random);
            case 3 -> delete(walrus, user, random);
            case 4 -> stake(walrus, user, operator, (1 + random.nextInt(3_000)) * WAL + random.nextInt(1_000));
            case 5 -> request(walrus, user, random);
            case 6 -> withdraw(walrus, user, random);
            case 7 ->
                walrus.attempt(operator.name(), (calls, ptb) -> {
                    var own = new OperatorCalls(calls);
                    own.voteStoragePrice(ptb.object(operator.capId()), 1 + random.nextInt(5_000));
                    own.setNextCommission(ptb.object(operator.capId()), random.nextInt(10_001));
                    calls.updatePrices();
                });
            default -> walrus.attempt(user, (calls, _) -> new OperatorCalls(calls).processSubsidies());
        };
        return executed.isSuccess();
    }

    private static Executed register(SmallWalrus walrus, String user, Random random) {
        long size = 1 + random.nextInt(5_000_000);
        var root = new BigInteger(250, random);
        var id = new BlobId(
                Blake2b.hash(new BcsWriter().u8(1).u64(size).u256(root).toByteArray()));
        long epochs = 1 + random.nextInt(5);
        var executed = walrus.attempt(user, (calls, ptb) -> {
            var wal = walrus.wal(ptb, user);
            var storage = calls.reserveSpace(SystemState.encodedSize(SmallWalrus.SHARDS, size, 1), epochs, wal);
            var blob = calls.registerBlob(storage, new WalrusCalls.Content(id, root, size), true, wal);
            ptb.transfer(walrus.sender(user).address(), blob);
        });
        if (!executed.isSuccess()) {
            return executed;
        }
        SuiAddress blob =
                executed.created(walrus.types().blob.structTag()).getFirst().id();
        var committee = walrus.state().systemInner().committee();
        byte[] message = new BlobStored(committee.epoch(), id, Optional.of(blob)).encode();
        var certificate = Operator.certify(committee, walrus.operators(), message);
        return walrus.attempt(user, (calls, ptb) -> calls.certifyBlob(ptb.object(blob), certificate));
    }

    private static Executed extend(SmallWalrus walrus, String user, Random random) {
        return walrus.attempt(
                user,
                (calls, ptb) -> any(walrus.all(user, walrus.types().blob), random)
                        .ifPresent(blob ->
                                calls.extendBlob(ptb.object(blob), 1 + random.nextInt(3), walrus.wal(ptb, user))));
    }

    private static Executed delete(SmallWalrus walrus, String user, Random random) {
        return walrus.attempt(
                user,
                (calls, ptb) -> any(walrus.all(user, walrus.types().blob), random)
                        .ifPresent(blob ->
                                ptb.transfer(walrus.sender(user).address(), calls.deleteBlob(ptb.object(blob)))));
    }

    private static Executed stake(SmallWalrus walrus, String user, Operator operator, long amount) {
        return walrus.attempt(
                user,
                (calls, ptb) -> ptb.transfer(
                        walrus.sender(user).address(),
                        calls.stake(ptb.split(walrus.wal(ptb, user), amount), operator.nodeId())));
    }

    private static Executed request(SmallWalrus walrus, String user, Random random) {
        return walrus.attempt(
                user,
                (calls, ptb) -> any(walrus.all(user, walrus.types().stakedWal), random)
                        .ifPresent(staked -> calls.requestWithdraw(ptb.object(staked))));
    }

    private static Executed withdraw(SmallWalrus walrus, String user, Random random) {
        return walrus.attempt(
                user,
                (calls, ptb) -> any(walrus.all(user, walrus.types().stakedWal), random)
                        .ifPresent(staked ->
                                ptb.transfer(walrus.sender(user).address(), calls.withdraw(ptb.object(staked)))));
    }

    /** Asks for all stake that was not asked for and has begun to count. */
    private static void requestAll(SmallWalrus walrus, String user) {
        for (SuiAddress staked : walrus.all(user, walrus.types().stakedWal)) {
            if (walrus.state().object(walrus.types().stakedWal, staked).state() instanceof StakedWal.State.Staked) {
                walrus.attempt(user, (calls, ptb) -> calls.requestWithdraw(ptb.object(staked)));
            }
        }
    }

    private static void withdrawAll(SmallWalrus walrus, String user) {
        for (SuiAddress staked : walrus.all(user, walrus.types().stakedWal)) {
            long principal =
                    walrus.state().object(walrus.types().stakedWal, staked).principal();
            var executed = walrus.run(
                    user,
                    (calls, ptb) -> ptb.transfer(walrus.sender(user).address(), calls.withdraw(ptb.object(staked))));
            var coin =
                    executed.created(walrus.types().coin.structTag()).getFirst().id();
            assertThat(walrus.state().object(walrus.types().coin, coin).value()).isGreaterThanOrEqualTo(principal);
        }
    }

    private static Optional<SuiAddress> any(List<SuiAddress> ids, Random random) {
        return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
    }
}
