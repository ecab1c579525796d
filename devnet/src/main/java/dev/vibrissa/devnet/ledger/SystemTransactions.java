package dev.vibrissa.devnet.ledger;

import dev.vibrissa.devnet.ledger.move.Framework;
import dev.vibrissa.devnet.ledger.move.Framework.Clock;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.ExecutionStatus;
import dev.vibrissa.protocol.sui.GasCost;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TransactionData;
import dev.vibrissa.protocol.sui.TransactionData.Expiration;
import dev.vibrissa.protocol.sui.TransactionData.GasData;
import dev.vibrissa.protocol.sui.TransactionKind;
import dev.vibrissa.protocol.sui.TransactionKind.ConsensusCommitPrologue;
import dev.vibrissa.protocol.sui.TransactionKind.EndOfEpochStep;
import dev.vibrissa.protocol.sui.TransactionKind.EpochChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** Transactions of the chain itself: nobody sends, signs or pays for them. */
record SystemTransactions(LiveObjects live, long epoch) {
    static final long PROTOCOL_VERSION = 100;

    /** What stands where a user's signature would: its scheme, then zeros. */
    private static final Bytes NO_SIGNATURE = Bytes.of(new byte[97]);

    Pending genesis(List<SuiObject.Genesis> objects) {
        return run(new TransactionKind.Genesis(objects), Genesis.VERSION, workspace -> {
            for (SuiObject.Genesis object : objects) {
                switch (object.data()) {
                    case SuiObject.Package code -> workspace.packages().add(code);
                    case SuiObject.Move move -> {
                        workspace.claim(move.id());
                        var draft = new Workspace.Draft(
                                move.type(), move.hasPublicTransfer(), move.contents(), object.owner());
                        if (workspace.drafts().put(move.id(), draft) != null) {
                            throw new IllegalArgumentException("object %s is in genesis twice".formatted(move.id()));
                        }
                    }
                }
            }
        });
    }

    /** Sets the clock. */
    Pending commit(Instant time) {
        StoredObject clock = live.find(Framework.CLOCK_ID).orElseThrow();
        // No digest of a consensus commit, no versions assigned to cancelled transactions.
        var rest = new BcsWriter().bytes(new byte[Digest.SIZE]).uleb(0).uleb(0);
        var kind = new ConsensusCommitPrologue(
                3, epoch, clock.version(), OptionalLong.empty(), time, Bytes.of(rest.toByteArray()));
        return run(kind, clock.version() + 1, workspace -> {
            workspace.load(clock);
            var contents = Framework.CLOCK.encode(new Clock(Framework.CLOCK_ID, time.toEpochMilli()));
            workspace.drafts().put(Framework.CLOCK_ID, Workspace.Draft.of(clock).with(contents));
        });
    }

    Pending endOfEpoch(Instant time, GasCost gas) {
        var change = new EpochChange(
                epoch + 1,
                PROTOCOL_VERSION,
                gas.storage(),
                gas.computation(),
                gas.rebate(),
                gas.nonRefundable(),
                time,
                Bytes.of(new byte[1]));
        var step = new EndOfEpochStep(0, Optional.of(change), Bytes.EMPTY);
        return run(new TransactionKind.EndOfEpoch(List.of(step)), 1, _ -> {});
    }

    private Pending run(TransactionKind kind, long lamport, Consumer<Workspace> program) {
        var nobody = new GasData(
                List.of(new ObjectRef(SuiAddress.ZERO, 0, new Digest(new byte[Digest.SIZE]))), SuiAddress.ZERO, 1, 0);
        var data = new TransactionData(kind, SuiAddress.ZERO, nobody, new Expiration.None());
        Bytes bcs = Bytes.of(BcsWriter.encode(data, (out, each) -> each.encode(out)));
        var workspace = new Workspace(live, DigestKind.TRANSACTION.digest(bcs), SuiAddress.ZERO, epoch, lamport);
        program.accept(workspace);
        return new Outcome(workspace, Set.copyOf(workspace.loaded().keySet()), List.of())
                .finish(
                        bcs,
                        List.of(NO_SIGNATURE),
                        new ExecutionStatus.Success(),
                        Optional.empty(),
                        new GasCost(0, 0, 0, 0));
    }
}
