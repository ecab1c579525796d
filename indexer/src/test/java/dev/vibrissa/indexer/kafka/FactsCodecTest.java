package dev.vibrissa.indexer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.vibrissa.indexer.extract.Extractor;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointFile;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactsCodecTest {
    @ParameterizedTest
    @ValueSource(strings = {"blob-life", "governance", "stake", "money"})
    void whatComesBackIsWhatWasExtracted(String scenario) throws Exception {
        var network = WalrusNetwork.mainnet();
        var packages = network.walrus();
        for (Path file : files(scenario)) {
            var checkpoint = CheckpointFile.read(Files.readAllBytes(file), file.toString());
            var facts = Extractor.extract(checkpoint, packages, network);
            packages = facts.packagesAfter();
            byte[] bytes = FactsCodec.encode(checkpoint, facts);
            var back = FactsCodec.decode(bytes, checkpoint.summary().sequenceNumber());
            assertThat(back.facts()).isEqualTo(facts);
            assertThat(back.checkpoint().digest()).isEqualTo(checkpoint.digest());
            assertThat(back.checkpoint().signature()).isEqualTo(checkpoint.signature());
            if (!facts.transactions().isEmpty()) {
                assertThat(back.checkpoint().contentsBcs()).isEqualTo(checkpoint.contentsBcs());
                assertThat(back.checkpoint().contents()).isEqualTo(checkpoint.contents());
            } else if (facts.suspects().isEmpty()
                    && checkpoint.summary().endOfEpoch().isEmpty()) {
                assertThat(back.checkpoint().contentsBcs()).isEqualTo(Bytes.EMPTY);
            }
        }
    }

    @Test
    void aChangedEffectIsNotThatOfTheCheckpoint() throws Exception {
        var network = WalrusNetwork.mainnet();
        for (Path file : files("blob-life")) {
            var checkpoint = CheckpointFile.read(Files.readAllBytes(file), file.toString());
            var facts = Extractor.extract(checkpoint, network.walrus(), network);
            if (facts.transactions().isEmpty()) {
                continue;
            }
            long number = checkpoint.summary().sequenceNumber();
            var message =
                    dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(FactsCodec.encode(checkpoint, facts)).toBuilder();
            message.getTransactionsBuilder(0).setEffectsBcs(ByteString.copyFromUtf8("other"));
            assertThatThrownBy(() -> FactsCodec.decode(message.build().toByteArray(), number))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageContaining("of checkpoint " + number);
            assertThatThrownBy(() -> FactsCodec.decode(FactsCodec.encode(checkpoint, facts), number + 1))
                    .isInstanceOf(MalformedRecordException.class);
            assertThatThrownBy(() -> FactsCodec.decode(new byte[] {1, 2, 3}, number))
                    .isInstanceOf(MalformedRecordException.class);
            return;
        }
    }

    /** Whatever of a transaction does not hang on a digest of the checkpoint would become a false row. */
    @Test
    void whatIsAnothersOrComesTwiceIsRefused() throws Exception {
        var network = WalrusNetwork.mainnet();
        for (Path file : files("blob-life")) {
            var checkpoint = CheckpointFile.read(Files.readAllBytes(file), file.toString());
            var facts = Extractor.extract(checkpoint, network.walrus(), network);
            if (facts.transactions().stream().allMatch(each -> each.events().isEmpty())) {
                continue;
            }
            long number = checkpoint.summary().sequenceNumber();
            var whole = dev.vibrissa.kafka.v1.CheckpointFacts.parseFrom(FactsCodec.encode(checkpoint, facts));
            int index = 0;
            while (whole.getTransactions(index).getEventsCount() == 0) {
                index++;
            }
            var transaction = whole.getTransactions(index);
            for (var forged : List.of(
                    whole.toBuilder().addTransactions(transaction),
                    whole.toBuilder().clearContentsBcs(),
                    whole.toBuilder()
                            .setTransactions(index, transaction.toBuilder().setDataBcs(ByteString.copyFromUtf8("x"))),
                    whole.toBuilder()
                            .setTransactions(index, transaction.toBuilder().clearEventsBcs()),
                    whole.toBuilder()
                            .setTransactions(index, transaction.toBuilder().setEventsBcs(ByteString.copyFromUtf8("x"))),
                    whole.toBuilder()
                            .setTransactions(index, transaction.toBuilder().addEvents(transaction.getEvents(0))),
                    whole.toBuilder()
                            .setTransactions(
                                    index,
                                    transaction.toBuilder()
                                            .addObjects(dev.vibrissa.kafka.v1.ObjectChange.newBuilder()
                                                    .setChange("\0"))))) {
                assertThatThrownBy(() -> FactsCodec.decode(forged.build().toByteArray(), number))
                        .isInstanceOf(MalformedRecordException.class);
            }
            return;
        }
    }

    private static List<Path> files(String scenario) throws Exception {
        try (Stream<Path> files = Files.list(Path.of(
                System.getProperty("vibrissa.root"), "indexer", "src", "test", "resources", "scenarios", scenario))) {
            return files.filter(file -> file.toString().endsWith(".binpb.zst"))
                    .sorted((one, other) -> Long.compare(number(one), number(other)))
                    .toList();
        }
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('.')));
    }
}
