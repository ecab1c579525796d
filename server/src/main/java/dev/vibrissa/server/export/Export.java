package dev.vibrissa.server.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vibrissa.protocol.sui.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Writes tables of one moment into a folder: {@code NAME-00000.parquet} and on, and last of all {@code manifest.json}. A
 * folder without a manifest is an export that did not end.
 */
public final class Export {
    public static final String MANIFEST = "manifest.json";
    private static final int FETCHED_ROWS = 5_000;

    private final Connection db;
    private final Path folder;
    private final long rowsPerFile;

    /**
     * What an export is of, and what it consists of.
     *
     * @param checkpoint the last one indexed: every file is of that moment
     * @param unverified checkpoints among them that no committee vouches for yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Manifest(
            int version,
            String network,
            @Nullable String label,
            @Nullable String chainId,
            long firstCheckpoint,
            long checkpoint,
            String checkpointDigest,
            String checkpointAt,
            long unverified,
            List<ExportedFile> files) {}

    public record ExportedFile(
            String file, String dataset, long rows, long bytes, String sha256, List<String> columns) {}

    /**
     * @param db with a snapshot of its own: read only and repeatable read, not yet begun
     * @param folder empty, or not there yet
     * @param rowsPerFile a file has at most so many; 1 or more
     */
    public Export(Connection db, Path folder, long rowsPerFile) {
        this.db = db;
        this.folder = folder;
        this.rowsPerFile = rowsPerFile;
    }

    /**
     * @throws IllegalStateException if nothing is indexed
     * @throws IOException if the folder is not empty, or cannot be written
     */
    public Manifest write(List<Dataset> datasets) throws SQLException, IOException {
        Files.createDirectories(folder);
        try (var inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw new IOException(folder + " is not empty");
            }
        }
        // First, for the snapshot is taken by the first statement that reads: one from before a rebuild exchanged the
        // tables would find those without their rows.
        try (var statement = db.createStatement()) {
            statement.execute("lock table public.watermark in access share mode");
        }
        Manifest head = head();
        var files = new ArrayList<ExportedFile>();
        for (Dataset dataset : datasets) {
            files.addAll(write(dataset));
        }
        var manifest = new Manifest(
                head.version,
                head.network,
                head.label,
                head.chainId,
                head.firstCheckpoint,
                head.checkpoint,
                head.checkpointDigest,
                head.checkpointAt,
                head.unverified,
                files);
        Path unfinished = folder.resolve(MANIFEST + ".part");
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(unfinished.toFile(), manifest);
        Files.move(unfinished, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        return manifest;
    }

    private Manifest head() throws SQLException {
        try (var statement = db.createStatement();
                var row = statement.executeQuery("""
                        select network.name, network.label, network.chain_id, watermark.first_checkpoint,
                               checkpoint.sequence_number, checkpoint.digest, checkpoint.checkpoint_at,
                               (select count(*) from checkpoint where verification = 'unverified') as unverified
                        from network, watermark
                        join checkpoint on checkpoint.sequence_number = watermark.last_checkpoint
                        where watermark.pipeline = 'facts'""")) {
            if (!row.next()) {
                throw new IllegalStateException("nothing is indexed that could be exported");
            }
            byte @Nullable [] chain = row.getBytes("chain_id");
            return new Manifest(
                    1,
                    row.getString("name"),
                    row.getString("label"),
                    chain == null ? null : new Digest(chain).toString(),
                    row.getLong("first_checkpoint"),
                    row.getLong("sequence_number"),
                    new Digest(row.getBytes("digest")).toString(),
                    row.getObject("checkpoint_at", OffsetDateTime.class)
                            .toInstant()
                            .toString(),
                    row.getLong("unverified"),
                    List.of());
        }
    }

    private List<ExportedFile> write(Dataset dataset) throws SQLException, IOException {
        try (var statement = db.createStatement()) {
            statement.setFetchSize(FETCHED_ROWS);
            try (var rows = statement.executeQuery(dataset.sql())) {
                var columns = new ArrayList<ParquetColumn>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(ParquetColumn.of(rows.getMetaData(), i));
                }
                var schema = new MessageType(
                        dataset.name(),
                        columns.stream().map(ParquetColumn::type).toArray(Type[]::new));
                var files = new ArrayList<ExportedFile>();
                boolean isMore = rows.next();
                do { // an empty table is a file, too: it tells the columns
                    Path file = folder.resolve("%s-%05d.parquet".formatted(dataset.name(), files.size()));
                    long written = 0;
                    try (ParquetWriter<Group> out = writer(file, schema)) {
                        for (; isMore && written < rowsPerFile; isMore = rows.next()) {
                            out.write(row(rows, columns, schema));
                            written++;
                        }
                    }
                    files.add(new ExportedFile(
                            file.getFileName().toString(),
                            dataset.name(),
                            written,
                            Files.size(file),
                            sha256(file),
                            dataset.columns()));
                } while (isMore);
                return files;
            }
        }
    }

    private static ParquetWriter<Group> writer(Path file, MessageType schema) throws IOException {
        return ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdPages())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withType(schema)
                .build();
    }

    private static Group row(ResultSet rows, List<ParquetColumn> columns, MessageType schema) throws SQLException {
        var group = new SimpleGroup(schema);
        for (int i = 0; i < columns.size(); i++) {
            columns.get(i).copy(rows, i + 1, group);
        }
        return group;
    }

    /** Of a file's bytes, in hex. */
    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
