package dev.vibrissa.devnet.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.rpc.v2.AffectedAddressFilter;
import dev.vibrissa.rpc.v2.ExecutedTransaction;
import dev.vibrissa.rpc.v2.Object;
import dev.vibrissa.rpc.v2.PackageWriteFilter;
import dev.vibrissa.rpc.v2.TransactionFilter;
import dev.vibrissa.rpc.v2.TransactionLiteral;
import dev.vibrissa.rpc.v2.TransactionTerm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part of checkpoints, rendered in full. */
class RenderingTest {
    private static final long FIRST = 4_000;
    private static final long LAST = 4_117;

    private static List<StoredCheckpoint> governance() {
        var chain = RecordedChain.of("governance", FIRST, LAST);
        return LongStream.rangeClosed(FIRST, LAST)
                .mapToObj(
                        number -> StoredCheckpoint.read(chain.checkpoint(number).orElseThrow(), number))
                .toList();
    }

    private static Stream<ExecutedTransaction> rendered() {
        return governance().stream()
                .flatMap(checkpoint -> CheckpointMessages.of(checkpoint, ReadMask.ALL).getTransactionsList().stream());
    }

    private static List<String> matching(TransactionLiteral literal) {
        var filter = Filters.transactions(TransactionFilter.newBuilder()
                .addTerms(TransactionTerm.newBuilder().addLiterals(literal))
                .build());
        return governance().stream()
                .flatMap(checkpoint -> checkpoint.transactions().stream())
                .filter(filter)
                .map(transaction -> transaction.executed().digest().toString())
                .toList();
    }

    @Test
    void aFailedTransactionSaysWhereItAborted() {
        var failed = rendered()
                .map(transaction -> transaction.getEffects().getStatus())
                .filter(status -> !status.getSuccess())
                .toList();

        assertThat(failed).isNotEmpty().allSatisfy(status -> {
            assertThat(status.getError().getKind()).isEqualTo(13); // MOVE_ABORT
            assertThat(status.getError().getAbort().getLocation().getModule()).isNotEmpty();
            assertThat(status.getError().getDescription()).startsWith("abort ");
        });
    }

    @Test
    void aPackageSaysWhichVersionIntroducedEachType() {
        var packages = governance().stream()
                .flatMap(checkpoint ->
                        CheckpointMessages.of(checkpoint, ReadMask.ALL).getObjects().getObjectsList().stream())
                .filter(object -> object.getObjectType().equals("package"))
                .map(Object::getPackage)
                .toList();

        assertThat(packages).isNotEmpty().allSatisfy(code -> {
            assertThat(code.getModulesList()).isNotEmpty();
            assertThat(code.getTypeOriginsList()).isNotEmpty();
        });
    }

    @Test
    void packagesThatWereWrittenAreFound() {
        assertThat(matching(TransactionLiteral.newBuilder()
                        .setPackageWrite(PackageWriteFilter.getDefaultInstance())
                        .build()))
                .isNotEmpty()
                .isEqualTo(rendered()
                        .filter(transaction -> transaction.getEffects().getChangedObjectsList().stream()
                                .anyMatch(change -> change.getObjectType().equals("package")))
                        .map(ExecutedTransaction::getDigest)
                        .toList());
    }

    @Test
    void whoeverWonOrLostAnObjectIsAffected() {
        String address = rendered()
                .flatMap(transaction -> transaction.getEffects().getChangedObjectsList().stream())
                .filter(change -> change.getInputOwner().hasAddress())
                .map(change -> change.getInputOwner().getAddress())
                .findFirst()
                .orElseThrow();

        assertThat(matching(TransactionLiteral.newBuilder()
                        .setAffectedAddress(AffectedAddressFilter.newBuilder().setAddress(address))
                        .build()))
                .isNotEmpty()
                .isEqualTo(rendered()
                        .filter(transaction -> transaction.getEffects().getChangedObjectsList().stream()
                                .flatMap(change -> Stream.of(change.getInputOwner(), change.getOutputOwner()))
                                .anyMatch(owner -> owner.getKind() == dev.vibrissa.rpc.v2.Owner.OwnerKind.ADDRESS
                                        && owner.getAddress().equals(address)))
                        .map(ExecutedTransaction::getDigest)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mainnet-238627324.binpb.zst"})
    void aCheckpointOfMainnetIsRenderedWhole(String file) throws IOException {
        Path fixture = Path.of(System.getProperty("vibrissa.shared"), "fixtures/sui", file);
        assumeThat(fixture).as("a file of the real chain").exists();
        byte[] compressed = Files.readAllBytes(fixture);
        byte[] bytes;
        try (var in = new com.github.luben.zstd.ZstdInputStream(new java.io.ByteArrayInputStream(compressed))) {
            bytes = in.readAllBytes();
        }
        var checkpoint = StoredCheckpoint.read(bytes, 238_627_324);

        var message = CheckpointMessages.of(checkpoint, ReadMask.ALL);

        assertThat(message.getTransactionsList()).isNotEmpty().allSatisfy(transaction -> {
            var effects = transaction.getEffects();
            assertThat(effects.getTransactionDigest()).isEqualTo(transaction.getDigest());
            if (transaction.hasEvents()) {
                assertThat(effects.getEventsDigest())
                        .isEqualTo(DigestKind.EVENTS
                                .digest(Bytes.of(transaction
                                        .getEvents()
                                        .getBcs()
                                        .getValue()
                                        .toByteArray()))
                                .toString());
            }
        });
        assertThat(message.getObjects().getObjectsCount())
                .isEqualTo(checkpoint.decoded().objects().all().size());
    }
}
