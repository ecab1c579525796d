package dev.vibrissa.server.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds. Beside it lies its own hash, in the notation of {@code sha256sum}, so that a byte changed here is
 * noticed as well.
 *
 * @param format {@value #FORMAT}
 * @param schema version of the newest migration
 * @param migrations all migrations, oldest first
 * @param network the name that {@code --network} takes; null where nothing was indexed yet, like the three that follow
 * @param chainId digest of checkpoint 0, lower-case hexadecimal; null also while it is unknown
 * @param firstCheckpoint of the facts
 * @param lastCheckpoint of the facts: where indexing goes on after
 * @param tables in an order in which they can be filled
 * @param sequences by name, the last value given out
 */
public record Manifest(
        String format,
        String takenAt,
        String postgres,
        String schema,
        List<Migration> migrations,
        @Nullable String network,
        @Nullable String chainId,
        @Nullable Long firstCheckpoint,
        @Nullable Long lastCheckpoint,
        List<Table> tables,
        Map<String, Long> sequences) {
    static final String FORMAT = "vibrissa-backup-1";
    static final String FILE = "manifest.json";
    static final String HASH_FILE = "manifest.sha256";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** One step of the schema, and what it was when it was applied. */
    public record Migration(String version, int checksum) {}

    /**
     * A table, in the file {@code NAME.copy.zst}.
     *
     * @param columns in the order of the stream
     * @param bytes of the file
     * @param sha256 of the file, lower-case hexadecimal
     */
    public record Table(String name, List<String> columns, long rows, long bytes, String sha256) {
        String file() {
            return name + ".copy.zst";
        }
    }

    public long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    public long bytes() {
        return tables.stream().mapToLong(Table::bytes).sum();
    }

    /** Of its file; names this very backup. */
    String write(Path folder) throws IOException {
        byte[] text = JSON.writeValueAsBytes(this);
        String hash = Sha256.of(text);
        Files.write(folder.resolve(FILE), text);
        Files.writeString(folder.resolve(HASH_FILE), hash + "  " + FILE + "\n");
        return hash;
    }

    /** A manifest that is whole, and its hash. */
    record Read(Manifest manifest, String sha256) {}

    /** @throws BackupException if the folder holds no backup of ours, or its manifest was changed */
    static Read read(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(FILE)) || !Files.isRegularFile(folder.resolve(HASH_FILE))) {
            throw new BackupException(
                    "%s holds no complete backup: %s or %s is not there".formatted(folder, FILE, HASH_FILE));
        }
        byte[] text = Files.readAllBytes(folder.resolve(FILE));
        String said = new String(Files.readAllBytes(folder.resolve(HASH_FILE)), StandardCharsets.ISO_8859_1);
        String hash = Sha256.of(text);
        if (!said.strip().equals(hash + "  " + FILE)) {
            throw new BackupException("%s was changed: its SHA-256 is %s, and %s says otherwise"
                    .formatted(folder.resolve(FILE), hash, HASH_FILE));
        }
        Manifest manifest;
        try {
            manifest = Optional.ofNullable(JSON.readValue(text, Manifest.class)).orElseThrow();
        } catch (JsonProcessingException | java.util.NoSuchElementException foreign) {
            throw new BackupException(
                    "%s is not a manifest of a backup of ours".formatted(folder.resolve(FILE)), foreign);
        }
        if (!FORMAT.equals(manifest.format())) {
            throw new BackupException(
                    "%s has the format '%s', not '%s'".formatted(folder.resolve(FILE), manifest.format(), FORMAT));
        }
        return new Read(manifest, hash);
    }
}
