package dev.vibrissa.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.proof.Bls;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.protocol.walrus.NetworkKey;
import dev.vibrissa.redstuff.BlobId;
import dev.vibrissa.redstuff.BlobMetadata;
import dev.vibrissa.redstuff.ConsistencyCheck;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.redstuff.ExpandedSliver;
import dev.vibrissa.redstuff.InconsistencyProof;
import dev.vibrissa.redstuff.MerkleNode;
import dev.vibrissa.redstuff.MetadataVerdict;
import dev.vibrissa.redstuff.RecoverySymbol;
import dev.vibrissa.redstuff.RedStuffFormatException;
import dev.vibrissa.redstuff.SliverType;
import dev.vibrissa.redstuff.SliverVerdict;
import dev.vibrissa.redstuff.SymbolVerdict;
import dev.vibrissa.redstuff.VerifiedMetadata;
import dev.vibrissa.redstuff.code.GaloisField;
import dev.vibrissa.redstuff.code.ReedSolomon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Vectors of the erasure code: {@code index.json} with whole encodings, and beside it corrupted slivers and metadata, recovery symbols,
 * inconsistent blobs, pure Reed–Solomon, signatures, sizes and tables. The README beside the vectors describes each.
 *
 * <p>Every case is computed from its inputs and compared key by key; reasons count, not only whether something was accepted.
 */
public final class EncodingVectors {
    private static final String INDEX = "index";
    private static final String REED_SOLOMON = "reed-solomon";

    private final VectorFiles files;
    private final Map<String, JsonNode> bases = new HashMap<>();
    private final Map<Integer, EncodingConfig> configs = new HashMap<>();

    /** The last one only: cases of one base follow one another. */
    private Optional<Base> lastBase = Optional.empty();

    private record Base(String id, Encoding encoding, VerifiedMetadata metadata) {}

    public EncodingVectors(Path folder) {
        files = new VectorFiles(folder);
        for (JsonNode each : Conformance.read(folder.resolve(INDEX + ".json")).path("cases")) {
            bases.put(each.path("id").asText(), each);
        }
    }

    /** Whether {@code folder} is of the kind this runs. */
    public static boolean isThere(Path folder) {
        return Files.isRegularFile(folder.resolve(INDEX + ".json"))
                && Files.isRegularFile(folder.resolve(REED_SOLOMON + ".json"));
    }

    /** Runs all there is; {@code done} hears of each kind as it ends. */
    public VectorReport run(Consumer<VectorReport.Kind> done) {
        var kinds = new ArrayList<VectorReport.Kind>();
        try (Stream<Path> paths = Files.list(files.folder())) {
            for (Path path : paths.sorted().toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(".json")) {
                    String file = name.substring(0, name.length() - ".json".length());
                    for (VectorReport.Kind kind : run(file, Conformance.read(path))) {
                        kinds.add(kind);
                        done.accept(kind);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new VectorReport(files.name(), kinds);
    }

    /** Runs the lists of one file; one that is no list of cases is a single case. */
    List<VectorReport.Kind> run(String file, JsonNode document) {
        if (file.equals("tables")) {
            return List.of(run(file, List.of(document), EncodingVectors::tables));
        }
        var kinds = new ArrayList<VectorReport.Kind>();
        document.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            String name = entry.getKey().equals("cases") ? file : file + " " + entry.getKey();
            if (value.isArray()) {
                kinds.add(answerTo(name)
                        .map(answer -> run(name, cases(value), answer))
                        .orElseGet(() -> new VectorReport.Kind.NotHandled(name)));
            } else if (!isKnown(file, entry.getKey(), value)) {
                kinds.add(new VectorReport.Kind.NotHandled("%s %s=%s".formatted(file, entry.getKey(), value)));
            }
        });
        return kinds;
    }

    private static List<JsonNode> cases(JsonNode list) {
        return list.valueStream().toList();
    }

    /** What a file says once, for all of its cases. */
    private static boolean isKnown(String file, String key, JsonNode value) {
        return switch (file + " " + key) {
            case "index format" -> value.asText().equals("walrus-encoding-vectors/1");
            case "bls dst" -> value.asText().equals("BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_");
            case "bls scheme" -> true;
            default -> false;
        };
    }

    private Optional<Consumer<Findings>> answerTo(String kind) {
        return Optional.ofNullable(
                switch (kind) {
                    case "index" -> this::encoding;
                    case "corrupted" -> this::sliver;
                    case "metadata-cases" -> this::metadata;
                    case "recovery-symbols" -> this::recoverySymbol;
                    case "inconsistent" -> this::inconsistent;
                    case "reed-solomon" -> EncodingVectors::reedSolomon;
                    case "sizes" -> this::sizes;
                    case "network-keys" -> EncodingVectors::networkKey;
                    case "bls keys" -> EncodingVectors::key;
                    case "bls messages" -> EncodingVectors::message;
                    case "bls", "bls aggregates" -> EncodingVectors::signature;
                    default -> null;
                });
    }

    static VectorReport.Kind run(String name, List<JsonNode> cases, Consumer<Findings> answer) {
        var failures = new ArrayList<VectorReport.Failure>();
        for (int i = 0; i < cases.size(); i++) {
            var findings = new Findings(cases.get(i));
            var differences = new ArrayList<String>();
            try {
                answer.accept(findings);
                findings.end();
            } catch (RuntimeException e) { // whatever a case brings about, the others are still to be run
                differences.add("$: " + e);
            }
            differences.addAll(findings.differences());
            if (!differences.isEmpty()) {
                failures.add(new VectorReport.Failure(idOf(cases.get(i), i), differences));
            }
        }
        return new VectorReport.Kind.Run(name, cases.size() - failures.size(), failures);
    }

    private static String idOf(JsonNode each, int position) {
        for (String key : List.of("id", "name", "compressedPublicKeyHex")) {
            if (each.has(key)) {
                return each.get(key).asText();
            }
        }
        return "[%d]".formatted(position);
    }

    private EncodingConfig config(int shards) {
        return configs.computeIfAbsent(shards, EncodingConfig::new);
    }

    private static SliverType type(String text) {
        return SliverType.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The encoding that a case builds on. */
    private Base base(String id) {
        return lastBase.filter(base -> base.id().equals(id)).orElseGet(() -> {
            JsonNode each = bases.get(id);
            if (each == null) {
                throw new IllegalArgumentException("no encoding is called '%s'".formatted(id));
            }
            var config = config(each.required("nShards").asInt());
            var encoding = Encoding.of(
                    config,
                    VectorFiles.content(
                            each.required("content"), each.required("blobSize").asInt()));
            var blobId = BlobId.parse(each.required("blobId").asText());
            var base = new Base(id, encoding, verified(config, blobId, encoding.metadata()));
            lastBase = Optional.of(base);
            return base;
        });
    }

    private static VerifiedMetadata verified(EncodingConfig config, BlobId blobId, BlobMetadata metadata) {
        return switch (VerifiedMetadata.verify(config, blobId, metadata)) {
            case MetadataVerdict.Accepted(var accepted) -> accepted;
            case MetadataVerdict.Refused(var reason, var detail) ->
                throw new IllegalArgumentException(reason + ": " + detail);
        };
    }

    private void layout(Findings found, EncodingConfig config) {
        long bytes = found.input("blobSize").asLong();
        found.is("f", config.faulty())
                .is("primarySourceSymbols", config.primarySymbols())
                .is("secondarySourceSymbols", config.secondarySymbols())
                .is("symbolSize", config.symbolBytes(bytes))
                .is("encodedSize", config.encodedBytes(bytes));
    }

    private void sizes(Findings found) {
        var config = config(found.number("nShards"));
        layout(found, config);
        found.is("maxBlobSize", config.maxBlobBytes());
    }

    private void encoding(Findings found) {
        found.context("id");
        var config = config(found.number("nShards"));
        layout(found, config);
        byte[] blob = VectorFiles.content(found.input("content"), found.number("blobSize"));
        var encoding = Encoding.of(config, blob);
        BlobMetadata metadata = encoding.metadata();
        BlobId blobId = metadata.blobId();
        byte[] bcs = metadata.encode();
        found.is("contentSha256", VectorFiles.sha256(blob))
                .is("encodingType", EncodingConfig.ENCODING_TYPE)
                .is("primarySliverDataLength", config.sliverBytes(SliverType.PRIMARY, encoding.symbolBytes()))
                .is("secondarySliverDataLength", config.sliverBytes(SliverType.SECONDARY, encoding.symbolBytes()))
                .is("blobId", blobId.toString())
                .is("blobIdHex", VectorFiles.hex(blobId.toByteArray()))
                .is("blobIdU256", u256(blobId))
                .is("rootHash", metadata.root().toString())
                .is("rotationOffset", blobId.rotation(config.shards()))
                .is("metadataLength", bcs.length)
                .is("metadataSha256", VectorFiles.sha256(bcs));
        found.holds(Arrays.equals(files.bytes(found.text("metadataFile")), bcs), "other bytes in metadataFile");
        found.holds(
                new String(files.bytes(found.text("hashesFile")), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                        .equals(metadata.hashes().stream()
                                .map(pair -> pair.primary() + " " + pair.secondary())
                                .toList()),
                "other hashes in hashesFile");
        slivers(found, encoding, verified(config, blobId, metadata));
        for (SliverType type : SliverType.values()) {
            int needed = config.sliversToDecode(type);
            found.holds(
                    Arrays.equals(
                            encoding.decode(type, IntStream.range(config.shards() - needed, config.shards())), blob),
                    "other bytes decoded from the last %d %s slivers".formatted(needed, type));
        }
    }

    private void slivers(Findings found, Encoding encoding, VerifiedMetadata metadata) {
        var config = encoding.config();
        var sha = VectorFiles.sha256();
        for (int pair = 0; pair < config.shards(); pair++) {
            for (SliverType type : SliverType.values()) {
                sha.update(encoding.sliverOfPair(type, pair).encode());
            }
        }
        found.is("allSliversSha256", VectorFiles.hex(sha.digest()));
        byte[] stored = files.bytes(found.text("sliversFile"));
        for (Findings each : found.each("slivers")) {
            SliverType type = type(each.text("type"));
            int pair = each.number("pairIndex");
            byte[] bcs = encoding.sliverOfPair(type, pair).encode();
            int offset = each.number("offset");
            each.is("sliverIndex", config.sliverIndex(type, pair))
                    .is("shardIndex", config.shardOf(pair, metadata.blobId()))
                    .is("length", bcs.length)
                    .is("sha256", VectorFiles.sha256(bcs));
            each.holds(
                    config.pairOf(config.shardOf(pair, metadata.blobId()), metadata.blobId()) == pair,
                    "the shard does not lead back to the pair");
            byte[] body = Arrays.copyOfRange(stored, offset, offset + each.number("length"));
            each.holds(Arrays.equals(body, bcs), "other bytes in sliversFile");
            each.holds(
                    metadata.verifySliver(type, pair, body) instanceof SliverVerdict.Accepted,
                    "the stored sliver is refused");
            each.end();
        }
    }

    /** The number on chain: the same bytes, little-endian. */
    static String u256(BlobId blobId) {
        byte[] bytes = blobId.toByteArray();
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return new BigInteger(1, reversed).toString();
    }

    private void sliver(Findings found) {
        found.context("id", "note");
        var base = base(found.text("baseCase"));
        var verdict = base.metadata()
                .verifySliver(
                        type(found.text("type")), found.number("requestedPairIndex"), files.bytes(found.text("file")));
        found.is("nShards", base.encoding().config().shards())
                .is("accept", verdict instanceof SliverVerdict.Accepted)
                .is(
                        "expect",
                        switch (verdict) {
                            case SliverVerdict.Accepted _ -> "OK";
                            case SliverVerdict.Refused refused ->
                                refused.reason().name();
                        });
    }

    private void metadata(Findings found) {
        found.context("id", "note", "baseCase");
        var verdict = VerifiedMetadata.verify(
                config(found.number("nShards")),
                BlobId.parse(found.text("requestedBlobId")),
                files.bytes(found.text("file")));
        found.is("accept", verdict instanceof MetadataVerdict.Accepted)
                .is(
                        "expect",
                        switch (verdict) {
                            case MetadataVerdict.Accepted _ -> "OK";
                            case MetadataVerdict.Refused refused ->
                                refused.reason().name();
                        });
    }

    private void recoverySymbol(Findings found) {
        found.context("id");
        var base = base(found.text("baseCase"));
        var config = base.encoding().config();
        var source = base.encoding().sliver(type(found.text("sourceAxis")), found.number("sourceSliverIndex"));
        RecoverySymbol symbol = new ExpandedSliver(config, source).recoverySymbol(found.number("targetSliverIndex"));
        var proof = Answers.JSON.arrayNode();
        for (MerkleNode node : symbol.proof().siblings()) {
            switch (node) {
                case MerkleNode.Empty _ -> proof.addNull();
                case MerkleNode.Digest digest -> proof.add(digest.toString());
            }
        }
        byte[] flipped = symbol.data().clone();
        flipped[0] ^= 1;
        var corrupted = new RecoverySymbol(symbol.type(), symbol.source(), symbol.target(), flipped, symbol.proof());
        found.is("nShards", config.shards())
                .is("symbolId", symbol.id())
                .is("symbol", VectorFiles.hex(symbol.data()))
                .is("proof", proof)
                .is("generalRecoverySymbolBcs", base64(symbol.encode()))
                .is("corruptedBcs", base64(corrupted.encode()));
        found.holds(verdictOn(base, found.text("generalRecoverySymbolBcs")), "the symbol is refused");
        found.holds(!verdictOn(base, found.text("corruptedBcs")), "the corrupted symbol is accepted");
    }

    private static boolean verdictOn(Base base, String bcs) {
        try {
            var symbol = RecoverySymbol.decode(Base64.getDecoder().decode(bcs));
            return base.metadata().verify(symbol) == SymbolVerdict.ACCEPTED;
        } catch (RedStuffFormatException e) {
            return false;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private void inconsistent(Findings found) {
        found.context("id", "note");
        var base = base(found.text("baseCase"));
        var encoding = base.encoding();
        var config = encoding.config();
        SliverType axis = type(found.text("tamperedAxis"));
        int tampered = found.number("tamperedSliverIndex");
        var written = BlobMetadata.decode(files.bytes(found.text("metadataFile")));
        found.is("nShards", config.shards())
                .is("tamperedPairIndex", config.sliverIndex(axis, tampered))
                .is("blobSize", written.unencodedBytes())
                .is("blobId", written.blobId().toString());
        var verdict = VerifiedMetadata.verify(config, BlobId.parse(found.text("blobId")), written);
        var expect = found.inside("expect");
        expect.is("metadataVerifies", verdict instanceof MetadataVerdict.Accepted);
        var metadata = verified(config, written.blobId(), written);
        var others = new BitSet();
        others.set(0, config.shards());
        if (axis == SliverType.PRIMARY) {
            others.clear(tampered);
        }
        int needed = config.sliversToDecode(SliverType.PRIMARY);
        byte[] decoded = encoding.decode(SliverType.PRIMARY, others.stream().skip(others.cardinality() - needed));
        var blob = MemorySegment.ofArray(decoded);
        var proof = InconsistencyProof.decode(type(found.text("proofType")), files.bytes(found.text("proofFile")));
        expect.is("originalSliverOfTamperedIndexVerifies", accepts(metadata, encoding, axis, tampered))
                .is(
                        "otherSliversVerify",
                        Stream.of(SliverType.values())
                                .allMatch(type -> IntStream.range(0, config.shards())
                                        .filter(index -> type != axis || index != tampered)
                                        .allMatch(index -> accepts(metadata, encoding, type, index))))
                .is("decodedContentSha256", VectorFiles.sha256(decoded))
                .is("strictCheckPasses", ConsistencyCheck.STRICT.holds(metadata, blob, new BitSet(), Encoding.THREADS))
                .is(
                        "defaultCheckPassesWhenDecodedFromOtherPrimarySlivers",
                        ConsistencyCheck.DEFAULT.holds(metadata, blob, new BitSet(), Encoding.THREADS))
                .is("inconsistencyProofVerifies", proof.verify(metadata) == InconsistencyProof.Verdict.PROVEN)
                .is(
                        "inconsistencyProofVerifiesAgainstUntamperedMetadata",
                        proof.verify(base.metadata()) == InconsistencyProof.Verdict.PROVEN);
        expect.end();
    }

    private static boolean accepts(VerifiedMetadata metadata, Encoding encoding, SliverType type, int index) {
        return metadata.verify(encoding.sliver(type, index)) instanceof SliverVerdict.Accepted;
    }

    private static void reedSolomon(Findings found) {
        int k = found.number("originalCount");
        int m = found.number("recoveryCount");
        int bytes = found.number("shardBytes");
        var code = new ReedSolomon(k, m);
        byte[] originals = VectorFiles.content(found.input("content"), Math.multiplyExact(k, bytes));
        byte[] recovery = new byte[Math.multiplyExact(m, bytes)];
        var work = code.workspace(bytes, bytes, 1);
        code.encode(
                work,
                (index, rows, at) -> work.pack(originals, index * bytes, 1, rows, at, 0),
                (index, rows, at) -> work.unpack(rows, at, 0, 1, recovery, index * bytes));
        found.is("rate", code.rate().name().toLowerCase(Locale.ROOT))
                .is("recoverySha256", VectorFiles.sha256(recovery))
                .mayBe("recovery", base64(recovery))
                .is("firstRecoveryShard", beginning(recovery, 0, bytes))
                .is("lastRecoveryShard", beginning(recovery, (m - 1) * bytes, bytes));
        int lost = Math.min(k, m);
        var received = new BitSet();
        received.set(lost, k + lost);
        byte[] decoded = originals.clone();
        Arrays.fill(decoded, 0, lost * bytes, (byte) 0);
        var decoder = code.decoder(received);
        var rows = decoder.workspace(bytes, bytes, 1);
        decoder.decode(
                rows,
                (index, into, at) -> rows.pack(
                        index < k ? originals : recovery, (index < k ? index : index - k) * bytes, 1, into, at, 0),
                (index, from, at) -> rows.unpack(from, at, 0, 1, decoded, index * bytes));
        found.holds(Arrays.equals(decoded, originals), "other originals decoded without the first %d".formatted(lost));
    }

    /** Shards are shown up to 256 bytes. */
    private static String beginning(byte[] shards, int from, int bytes) {
        return HexFormat.of().formatHex(shards, from, from + Math.min(bytes, 256));
    }

    private static void tables(Findings found) {
        found.context("note");
        int[] walsh = GaloisField.walshOfLogarithms();
        table(found, "exp", GaloisField.ORDER, GaloisField::exp);
        table(found, "log", GaloisField.ORDER, GaloisField::log);
        table(found, "skew", GaloisField.MODULUS, GaloisField::skew);
        table(found, "logWalsh", GaloisField.ORDER, index -> walsh[index]);
    }

    private static void table(Findings found, String name, int entries, IntUnaryOperator entry) {
        byte[] bytes = new byte[2 * entries];
        for (int i = 0; i < entries; i++) {
            bytes[2 * i] = (byte) entry.applyAsInt(i);
            bytes[2 * i + 1] = (byte) (entry.applyAsInt(i) >>> 8);
        }
        ArrayNode first = Answers.JSON.arrayNode();
        IntStream.range(0, 16).map(entry).forEach(first::add);
        found.is(name, VectorFiles.sha256(bytes)).is(name + "First16", first);
    }

    private static void networkKey(Findings found) {
        var key = NetworkKey.of(new KeyBytes(HexFormat.of().parseHex(found.text("compressedPublicKeyHex"))));
        found.is("spkiDerHex", VectorFiles.hex(key.subjectPublicKeyInfo())).is("serverName", key.serverName());
    }

    private static void key(Findings found) {
        found.context("name");
        byte[] key = Base64.getDecoder().decode(found.text("publicKey"));
        found.is("publicKeyHex", VectorFiles.hex(key));
        nodes().decode(List.of(Bytes.of(key)));
    }

    private static void message(Findings found) {
        long epoch = found.input("epoch").asLong();
        var blobId = dev.vibrissa.protocol.walrus.BlobId.parse(found.text("blobId"));
        byte[] message = switch (found.text("kind")) {
            case "storage-confirmation" -> {
                Optional<SuiAddress> object = switch (found.text("persistence")) {
                    case "permanent" -> {
                        found.is("objectId", Answers.JSON.nullNode());
                        yield Optional.empty();
                    }
                    case "deletable" -> Optional.of(SuiAddress.parse(found.text("objectId")));
                    default -> throw new IllegalArgumentException("unknown persistence");
                };
                yield new CertificateMessage.BlobStored(epoch, blobId, object).encode();
            }
            case "invalid-blob-id" -> new CertificateMessage.BlobInvalid(epoch, blobId).encode();
            default -> throw new IllegalArgumentException("unknown kind of message");
        };
        found.is("message", VectorFiles.hex(message));
    }

    private static void signature(Findings found) {
        found.context("id", "note");
        var keys = new ArrayList<Bytes>();
        if (found.expects("publicKeys")) {
            found.input("publicKeys")
                    .forEach(key -> keys.add(Bytes.of(Base64.getDecoder().decode(key.asText()))));
        } else {
            keys.add(Bytes.of(Base64.getDecoder().decode(found.text("publicKey"))));
        }
        byte[] message = HexFormat.of().parseHex(found.text("message"));
        Bytes signature = Bytes.of(Base64.getDecoder().decode(found.text("signature")));
        found.is("valid", isValid(keys, message, signature));
    }

    private static boolean isValid(List<Bytes> keys, byte[] message, Bytes signature) {
        Bls.Keys signers;
        try {
            signers = nodes().decode(keys);
        } catch (IllegalArgumentException noKey) {
            return false;
        }
        return signers.faultOf(
                        signature, message, IntStream.range(0, keys.size()).toArray())
                .isEmpty();
    }

    private static Bls nodes() {
        return switch (Bls.loadForNodes()) {
            case Bls.Availability.Available(var bls) -> bls;
            case Bls.Availability.Missing(var reason) -> throw new IllegalStateException(reason);
        };
    }
}
