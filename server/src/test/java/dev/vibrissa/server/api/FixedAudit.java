package dev.vibrissa.server.api;

import dev.vibrissa.migrations.Database;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.redstuff.EncodingConfig;
import dev.vibrissa.verifier.evidence.AuditLog;
import dev.vibrissa.verifier.evidence.LogKey;
import dev.vibrissa.verifier.evidence.Sha256;
import dev.vibrissa.verifier.node.StorageNode;
import dev.vibrissa.verifier.probe.Answer;
import dev.vibrissa.verifier.probe.Said;
import dev.vibrissa.verifier.round.Asked;
import dev.vibrissa.verifier.round.Auditor;
import dev.vibrissa.verifier.round.Method;
import dev.vibrissa.verifier.round.Questions;
import dev.vibrissa.verifier.sample.Depth;
import dev.vibrissa.verifier.sample.Draw;
import dev.vibrissa.verifier.sample.FrameBlob;
import dev.vibrissa.verifier.sample.RoundPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Audits an indexed chain with answers that are always the same, at the chain's own time: the first member lacks every
 * tenth thing that it is asked for, the second cannot be heard every twentieth time, all others serve.
 */
final class FixedAudit {
    /** As a simulated network has it, but for a short chain, and with enough probes for a rank. */
    private static final Method METHOD = new Method(
            Method.DEVNET.version(),
            0,
            0,
            1,
            1,
            3,
            new RoundPlan(4, 8, 144, 1L << 40),
            Method.DEVNET.waveSize(),
            1L << 40,
            1L << 30,
            Method.DEVNET.pauses(),
            Method.DEVNET.maintenancePerEpoch(),
            Method.DEVNET.slowBase(),
            Method.DEVNET.slowBytesPerSecond(),
            Method.DEVNET.mostLag());

    private static final String PKCS8 = "302e020100300506032b657004220420";
    private static final String SPKI = "302a300506032b6570032100";

    /** So long takes each wave: rounds begin at one checkpoint and end before the next but one. */
    private static final Duration WAVE = Duration.ofMillis(10);

    private final Database database;
    private final Auditor auditor;
    private volatile Instant now;

    FixedAudit(Database database) throws IOException, SQLException {
        this.database = database;
        now = chainTime(database);
        Path folder = Files.createTempDirectory("fixed-audit");
        try {
            var log = new AuditLog(LogKey.in(key(folder.resolve("key"))), new ChainClock());
            try (Connection db = database.connect()) {
                log.begin(db, "here", Map.of("network", "mainnet", "methodology", METHOD.version()));
            }
            auditor =
                    new Auditor(database, log, METHOD, FixedAnswers::new, _ -> {}, this::waveIsOver, new ChainClock());
        } finally {
            Files.deleteIfExists(folder.resolve("key"));
            Files.deleteIfExists(folder);
        }
    }

    /** The key that RFC 8032 prints in its test 1: ids of probes, and with them the examples, are those of its log. */
    private static Path key(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n%s\n%s\n-----END PRIVATE KEY-----\n"
                        .formatted(
                                base64(PKCS8 + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
                                base64(SPKI + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")));
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    /** Makes the frame or runs the round that is due. */
    void step(Auditor.Step due) throws SQLException, InterruptedException {
        now = chainTime(database);
        Auditor.Step done = auditor.step();
        if (done != due) {
            throw new IllegalStateException("%s where %s was due".formatted(done, due));
        }
    }

    /** Controls answer, once in each wave. */
    private boolean waveIsOver() {
        now = now.plus(WAVE);
        return true;
    }

    private static Instant chainTime(Database database) throws SQLException {
        try (Connection db = database.connect();
                var select = db.createStatement();
                var row = select.executeQuery("select max(checkpoint_at) from checkpoint")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** As late as the chain was when the step began, and {@link #WAVE} later after each wave. */
    private final class ChainClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final class FixedAnswers implements Questions {
        private final EncodingConfig config;
        /** Before the newest checkpoint: what came later could not be judged yet. */
        private final Instant begin = now.minusMillis(50);

        FixedAnswers(EncodingConfig config) {
            this.config = config;
        }

        @Override
        public void prepare(Draw draw, FrameBlob blob, StorageNode node, List<StorageNode> others) {}

        @Override
        public void cover(FrameBlob blob, int shard, StorageNode node, List<StorageNode> others) {}

        @Override
        public boolean hears(BlobId blob, StorageNode node) {
            return true;
        }

        @Override
        public Asked ask(
                Draw draw,
                FrameBlob blob,
                long epoch,
                StorageNode node,
                Optional<StorageNode> heir,
                List<StorageNode> others,
                Instant burstAt) {
            Said said = said(draw);
            int attempts = said == Said.PROVEN ? 1 : METHOD.attempts();
            return new Asked(
                    draw,
                    node.id(),
                    blob,
                    config.pairOf(
                            draw.shard(),
                            new dev.vibrissa.redstuff.BlobId(blob.blobId().toByteArray())),
                    draw.depth() == Depth.CLAIM ? Optional.empty() : Optional.of(root(blob)),
                    begin,
                    Collections.nCopies(attempts, answer(draw, node, said)),
                    List.of());
        }

        private Said said(Draw draw) {
            return switch (draw.member()) {
                case 0 -> draw.depth() != Depth.CLAIM && draw.ordinal() % 10 == 3 ? Said.NOT_FOUND : Said.PROVEN;
                case 1 -> draw.ordinal() % 20 == 7 ? Said.SILENT : Said.PROVEN;
                default -> Said.PROVEN;
            };
        }

        private static Bytes root(FrameBlob blob) {
            return Sha256.of("root of a sliver of ".getBytes(StandardCharsets.US_ASCII), blob.encode());
        }

        private Answer answer(Draw draw, StorageNode node, Said said) {
            Duration total = Duration.ofMillis(20 + draw.ordinal() * 7L % 90);
            return new Answer(
                    node.id(),
                    node.networkAddress(),
                    said == Said.SILENT
                            ? Optional.empty()
                            : Optional.of("192.0.2.%d:9185".formatted(draw.member() + 1)),
                    begin.plusNanos(
                            100_000 * (draw.ordinal() * 3L + draw.depth().ordinal())),
                    said != Said.SILENT,
                    node.networkKey().map(each -> Bytes.of(each.toByteArray())),
                    switch (said) {
                        case PROVEN -> Optional.of(200);
                        case NOT_FOUND -> Optional.of(404);
                        default -> Optional.empty();
                    },
                    said,
                    switch (said) {
                        case PROVEN -> "proven";
                        case NOT_FOUND -> "HTTP 404: the requested sliver does not exist";
                        default -> "no connection within PT5S";
                    },
                    Optional.empty(),
                    Optional.empty(),
                    new Answer.Timing(
                            Optional.of(Duration.ofMillis(5)),
                            Optional.of(Duration.ofMillis(12)),
                            Optional.of(Duration.ofMillis(18)),
                            total,
                            6_000,
                            said == Said.PROVEN ? 5_336 : 0));
        }

        @Override
        public Answer claim(FrameBlob blob, long epoch, StorageNode node) {
            SuiAddress asked = node.id();
            return new Answer(
                    asked,
                    node.networkAddress(),
                    Optional.empty(),
                    begin,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Said.SILENT,
                    "no connection within PT5S",
                    Optional.empty(),
                    Optional.empty(),
                    new Answer.Timing(
                            Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(5), 0, 0));
        }
    }
}
