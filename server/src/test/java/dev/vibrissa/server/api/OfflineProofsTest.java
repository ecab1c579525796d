package dev.vibrissa.server.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.proof.Evidence;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Conclusion;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.server.cli.CommandLineProgram;
import dev.vibrissa.verifier.evidence.AuditJson;
import dev.vibrissa.verifier.evidence.Logged;
import dev.vibrissa.verifier.round.ChainCheck;
import dev.vibrissa.verifier.round.ChainEvidence;
import dev.vibrissa.verifier.round.Dossier;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What strangers make of what is served, without a database: of the chain {@code blob-life} and {@link FixedAudit}. */
@QuarkusTest
@WithTestResource(IndexedScenario.class)
class OfflineProofsTest {
    private static final String NODES = "/v1/operators/";
    private static final Path COMMITTEE = Path.of(
            System.getProperty("vibrissa.root"),
            "indexer/src/test/resources/scenarios/blob-life/trust-anchor.committee.bcs");

    @TempDir
    Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Dossier dossier;

    @BeforeEach
    void fetch() {
        dossier = Dossier.parse(
                given().get(NODES + members().getFirst() + "/dossier?epoch=2").asString());
    }

    private static List<String> members() {
        return given().get("/v1/frames/2").jsonPath().getList("record.members.nodeId");
    }

    private int run(Object... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLineProgram(
                        Map.of("HOME", folder.toString()), new PrintWriter(out, true), new PrintWriter(err, true))
                .run(Stream.of(words).map(Object::toString).toArray(String[]::new));
    }

    private int verify(Dossier changed, Object... options) throws Exception {
        Path file = Files.writeString(folder.resolve("dossier.json"), changed.toFile());
        return run(Stream.concat(Stream.of("verify-dossier", file), Stream.of(options))
                .toArray());
    }

    // ---------------------------------------------------------------- dossier

    private static Dossier with(Dossier of, Logged frame, ChainEvidence chain) {
        return new Dossier(
                of.version(),
                of.prover(),
                of.nodeId(),
                of.walrusEpoch(),
                of.madeAt(),
                of.unsealed(),
                of.otherKey(),
                frame,
                of.rounds(),
                of.failures(),
                of.quorums(),
                of.witnesses(),
                of.contradictions(),
                of.blobs(),
                of.score(),
                chain);
    }

    private Dossier with(UnaryOperator<ChainEvidence> change) {
        return with(dossier, dossier.frame(), change.apply(dossier.chain()));
    }

    @Test
    void aCaseIsProvenAsAWholeOrSaysWhatIsMissing() throws Exception {
        assertThat(verify(dossier, "--trust", COMMITTEE)).isZero();
        assertThat(out.toString())
                .contains("of network mainnet", "proven by the committee", "provers not trusted: d75a");
        List<UnaryOperator<ChainEvidence>> gaps = List.of(
                of -> new ChainEvidence(Optional.empty(), of.shards(), of.node(), of.seeds(), of.handOvers()),
                of -> new ChainEvidence(of.committee(), Optional.empty(), of.node(), of.seeds(), of.handOvers()),
                of -> new ChainEvidence(of.committee(), of.shards(), Optional.empty(), of.seeds(), of.handOvers()),
                of -> new ChainEvidence(
                        of.committee(), of.shards(), of.node(), withoutCertificate(of.seeds()), of.handOvers()));
        List<String> missing = List.of(
                "that the node was in the committee with this signing key (not in the file)",
                "that these were its shards (not in the file)",
                "that this was its network key (not in the file)",
                "that round 0 was drawn from checkpoint 1061 (not in the file)");
        for (int i = 0; i < gaps.size(); i++) {
            assertThat(verify(with(gaps.get(i)), "--trust", COMMITTEE)).isEqualTo(1);
            assertThat(out.toString())
                    .contains("incomplete: not proven " + missing.get(i))
                    .doesNotContain("proven by the committee");
        }
        assertThat(verify(with(gaps.getFirst()))).isZero();
        assertThat(out.toString()).contains("committee not trusted");
    }

    private static List<ChainEvidence.Seeding> withoutCertificate(List<ChainEvidence.Seeding> seeds) {
        var changed = new ArrayList<>(seeds);
        var first = seeds.getFirst();
        changed.set(0, new ChainEvidence.Seeding(first.round(), first.checkpoint(), first.digest(), Optional.empty()));
        return changed;
    }

    @Test
    void aCaseIsOfAProverThatTheReaderTrusts() throws Exception {
        assertThat(verify(dossier, "--key", dossier.prover(), "--key", "07".repeat(32)))
                .isZero();
        assertThat(out.toString()).doesNotContain("provers not trusted");
        assertThat(verify(dossier, "--key", "07".repeat(32))).isEqualTo(1);
        assertThat(err.toString()).contains("which is not trusted");
        assertThat(verify(dossier, "--key", "0707")).isEqualTo(2);
    }

    private List<Optional<Conclusion>> conclusions(Dossier of, Optional<WalrusNetwork> where) {
        return of.onChain(where, _ -> Optional.empty()).stream()
                .map(ChainCheck.Claim::conclusion)
                .toList();
    }

    /** Anybody can publish a package with a module of that name, and sign with what committee he likes. */
    @Test
    void aFieldOfSomebodyElsesPackageIsNotOfTheFramework() throws Exception {
        JsonNode forged = movedTo(dossier.chain().committee().orElseThrow(), SuiAddress.parse("0xe711"));
        Dossier changed =
                with(of -> new ChainEvidence(Optional.of(forged), of.shards(), of.node(), of.seeds(), of.handOvers()));
        var where = Optional.of(WalrusNetwork.mainnet());
        assertThat(conclusions(dossier, where).getFirst()).contains(Conclusion.CONSISTENT);
        assertThat(conclusions(changed, where).getFirst()).contains(Conclusion.REFUTED);
        assertThat(verify(changed)).isEqualTo(1);
        assertThat(err.toString()).contains("::dynamic_field::Field");
    }

    /** Walrus's own code may make another state; only the one that hangs on the network's object is the network's. */
    @Test
    void aStateCountsOnlyWhereWalrusKeepsIt() throws Exception {
        var elsewhere = new Owner.ObjectOwner(SuiAddress.parse("0xe711"));
        JsonNode committee = changed(dossier.chain().committee().orElseThrow(), FRAMEWORK, Optional.of(elsewhere));
        JsonNode shards = changed(dossier.chain().shards().orElseThrow(), FRAMEWORK, Optional.of(elsewhere));
        Dossier changed = with(of ->
                new ChainEvidence(Optional.of(committee), Optional.of(shards), of.node(), of.seeds(), of.handOvers()));
        assertThat(conclusions(changed, Optional.of(WalrusNetwork.mainnet())).subList(0, 2))
                .containsOnly(Optional.of(Conclusion.REFUTED));
        assertThat(verify(changed)).isEqualTo(1);
        assertThat(err.toString()).contains("ObjectOwner");
    }

    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    /** The same evidence, right in every digest, of an object whose outer type is of another package. */
    private static JsonNode movedTo(JsonNode json, SuiAddress definedBy) throws Exception {
        return changed(json, definedBy, Optional.empty());
    }

    private static JsonNode changed(JsonNode json, SuiAddress definedBy, Optional<Owner> owner) throws Exception {
        var evidence = (Evidence.ObjectEvidence) EvidenceJson.read(json.toString());
        var anchor = evidence.anchor();
        SuiObject object = BcsReader.decode(evidence.object(), SuiObject::decode);
        var move = (SuiObject.Move) object.data();
        var type = new StructTag(
                definedBy, move.type().module(), move.type().name(), move.type().typeParams());
        Bytes other = Bytes.of(BcsWriter.encode(
                new SuiObject(
                        new SuiObject.Move(type, move.hasPublicTransfer(), move.version(), move.contents()),
                        owner.orElse(object.owner()),
                        object.previousTransaction(),
                        object.storageRebate()),
                (writer, value) -> value.encode(writer)));
        Bytes effects = anchor.effects();
        effects = replaced(effects, DigestKind.OBJECT, evidence.object(), other);
        Bytes contents = replaced(anchor.contents(), DigestKind.EFFECTS, anchor.effects(), effects);
        Bytes summary = replaced(anchor.summary(), DigestKind.CHECKPOINT_CONTENTS, anchor.contents(), contents);
        return AuditJson.read(
                EvidenceJson.write(new Evidence.ObjectEvidence(
                        new Evidence.Anchor(summary, anchor.signature(), contents, anchor.transaction(), effects),
                        other)),
                JsonNode.class);
    }

    private static Bytes replaced(Bytes in, DigestKind kind, Bytes was, Bytes is) {
        HexFormat hex = HexFormat.of();
        String text = hex.formatHex(in.toByteArray());
        String changed = text.replace(
                hex.formatHex(kind.digest(was).toByteArray()),
                hex.formatHex(kind.digest(is).toByteArray()));
        assertThat(changed).isNotEqualTo(text);
        return Bytes.of(hex.parseHex(changed));
    }

    /** Of a network that nobody described it is not known which packages are Walrus's. */
    @Test
    void nothingIsProvenOfANetworkThatIsNotKnown() throws Exception {
        Logged frame = dossier.frame();
        Dossier elsewhere = with(
                dossier,
                new Logged(
                        frame.line().replace("\"network\":\"mainnet\"", "\"network\":\"elsewhere\""),
                        frame.index(),
                        frame.path(),
                        frame.root()),
                dossier.chain());
        assertThat(elsewhere.network()).isEqualTo("elsewhere");
        Map<Long, Committee> committees = handedOver(dossier.chain());
        assertThat(ChainCheck.builtIn("elsewhere")).isEmpty();
        assertThat(elsewhere.onChain(Optional.empty(), epoch -> Optional.ofNullable(committees.get(epoch))))
                .noneMatch(ChainCheck.Claim::isProven);
        assertThat(elsewhere.onChain(
                        Optional.of(WalrusNetwork.mainnet()), epoch -> Optional.ofNullable(committees.get(epoch))))
                .anyMatch(ChainCheck.Claim::isProven);
    }

    private static Map<Long, Committee> handedOver(ChainEvidence chain) {
        return chain.handOvers().stream()
                .map(each -> BcsReader.decode(
                        Bytes.of(Base64.getDecoder().decode(each.summary())), CheckpointSummary::decode))
                .flatMap(each -> each.nextCommittee().stream())
                .collect(Collectors.toMap(Committee::epoch, each -> each));
    }

    @Test
    void theReaderNamesTheNetwork() throws Exception {
        Path mainnet = Files.writeString(
                folder.resolve("mainnet"), WalrusNetwork.mainnet().toFileText());
        assertThat(verify(dossier, "--trust", COMMITTEE, "--network", mainnet)).isZero();
        Path testnet = Files.writeString(
                folder.resolve("testnet"), WalrusNetwork.testnet().toFileText());
        assertThat(verify(dossier, "--network", testnet)).isEqualTo(1);
        assertThat(err.toString()).contains("is about the network 'mainnet'", "describes 'testnet'");
        assertThat(verify(dossier, "--network", COMMITTEE)).isEqualTo(2);
    }

    // ---------------------------------------------------------------- replay, recompute

    @Test
    void aReplayOfBareLinesSaysSo() throws Exception {
        String id = given().get("/v1/rounds?state=done").jsonPath().getString("items[0].id");
        Path file = Files.writeString(
                folder.resolve("replay.json"),
                given().get("/v1/rounds/" + id + "/replay").asString());
        assertThat(run("replay", file)).isZero();
        assertThat(out.toString()).startsWith("the same: 780 draws").contains("lines not checked against a signed log");
    }

    private JsonNode served(String node, String window) throws Exception {
        for (JsonNode each : AuditJson.MAPPER
                .readTree(given().get(NODES + node + "/score").asString())
                .get("windows")) {
            if (each.get("window").textValue().equals(window)) {
                return each.get("score");
            }
        }
        throw new IllegalStateException("node %s has no score of %s".formatted(node, window));
    }

    @Test
    void scoresThatAreServedAreMadeAgainFromTheLogThatIsServed() throws Exception {
        long entries = served(members().getFirst(), "all").at("/basis/entries").longValue();
        String url = "http://localhost:%d/v1/log".formatted(RestAssured.port);
        assertThat(run("recompute", url, "--entries", entries))
                .as(err.toString())
                .isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3 * members().size());
        for (String line : lines) {
            JsonNode again = AuditJson.MAPPER.readTree(line);
            assertThat(again)
                    .isEqualTo(served(
                            again.get("nodeId").textValue(), again.get("window").textValue()));
        }
    }

    @Test
    void scoresOfAFileAreThoseOfItsLastEntry() throws Exception {
        List<String> log = new ArrayList<>();
        given().get("/v1/log?format=ndjson&limit=1000").asString().lines().forEach(log::add);
        Path file = Files.write(folder.resolve("log"), log);
        assertThat(run("recompute", file)).isZero();
        assertThat(AuditJson.MAPPER
                        .readTree(out.toString().lines().findFirst().orElseThrow())
                        .at("/basis/entries"))
                .hasToString("1000");
        log.remove(500);
        Files.write(file, log);
        assertThat(run("recompute", file)).isEqualTo(1);
        assertThat(err.toString()).contains("stands where entry 500");
    }
}
