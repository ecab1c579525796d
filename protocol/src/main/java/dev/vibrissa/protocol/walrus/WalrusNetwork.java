package dev.vibrissa.protocol.walrus;

import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.SuiAddress;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where Walrus lives on one Sui network. Ids are configuration: two networks are built in as resource files, any other
 * is read from a file of the same form.
 *
 * @param chain digest of the Sui network's first checkpoint, absent if the network is not to be checked
 * @param walrus versions of the Walrus package
 * @param wal of the package of the coin
 * @param walrusSubsidies of the package that pays subsidies today
 * @param subsidies of the package that paid them before
 * @param walExchange of the package that exchanges SUI for WAL
 * @param walrusSites of the package of web sites whose files are blobs; only what these define counts as a site
 */
public record WalrusNetwork(
        String name,
        Optional<Digest> chain,
        PackageChain walrus,
        PackageChain wal,
        PackageChain walrusSubsidies,
        PackageChain subsidies,
        PackageChain walExchange,
        PackageChain walrusSites,
        SharedObjects objects) {

    /**
     * Ids of the shared objects; those that a network lacks are absent.
     *
     * @param subsidies of the first subsidies contract, oldest first
     */
    public record SharedObjects(
            SuiAddress system,
            SuiAddress staking,
            Optional<SuiAddress> upgradeManager,
            Optional<SuiAddress> slashingManager,
            Optional<SuiAddress> treasury,
            Optional<SuiAddress> walrusSubsidies,
            List<SuiAddress> subsidies,
            List<SuiAddress> exchanges) {}

    public static WalrusNetwork mainnet() {
        return builtIn("mainnet");
    }

    public static WalrusNetwork testnet() {
        return builtIn("testnet");
    }

    /**
     * A network described by a file.
     *
     * @throws IllegalArgumentException if the file does not describe a network, naming the key
     */
    public static WalrusNetwork custom(Path file) throws IOException {
        try (var in = Files.newBufferedReader(file)) {
            return read(in);
        }
    }

    /** A text that {@link #custom} reads as this network. */
    public String toFileText() {
        var lines = new StringJoiner("\n", "", "\n");
        lines.add("name = " + name);
        chain.ifPresent(digest -> lines.add("chain = " + HexFormat.of().formatHex(digest.toByteArray())));
        var packages = new LinkedHashMap<String, PackageChain>();
        packages.put("walrus", walrus);
        packages.put("wal", wal);
        packages.put("walrus-subsidies", walrusSubsidies);
        packages.put("subsidies", subsidies);
        packages.put("wal-exchange", walExchange);
        packages.put("walrus-sites", walrusSites);
        packages.forEach((key, versions) ->
                versions.ids().forEach((version, id) -> lines.add("package.%s.%d = %s".formatted(key, version, id))));
        lines.add("object.system = " + objects.system());
        lines.add("object.staking = " + objects.staking());
        objects.upgradeManager().ifPresent(id -> lines.add("object.upgrade-manager = " + id));
        objects.slashingManager().ifPresent(id -> lines.add("object.slashing-manager = " + id));
        objects.treasury().ifPresent(id -> lines.add("object.treasury = " + id));
        objects.walrusSubsidies().ifPresent(id -> lines.add("object.walrus-subsidies = " + id));
        ids("object.subsidies", objects.subsidies()).ifPresent(lines::add);
        ids("object.exchanges", objects.exchanges()).ifPresent(lines::add);
        return lines.toString();
    }

    private static Optional<String> ids(String key, List<SuiAddress> ids) {
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        key + " = " + ids.stream().map(SuiAddress::toString).collect(Collectors.joining(", ")));
    }

    /** This network after an upgrade of the Walrus package. */
    public WalrusNetwork upgraded(long version, SuiAddress packageId) {
        return new WalrusNetwork(
                name,
                chain,
                walrus.with(version, packageId),
                wal,
                walrusSubsidies,
                subsidies,
                walExchange,
                walrusSites,
                objects);
    }

    /**
     * Whether an event type is Walrus's. Only the type counts: an event's {@code package_id} names whoever was called,
     * which may be a stranger's contract.
     *
     * @param typeAddress address in the event's type
     * @param module module in the event's type
     */
    public boolean isWalrusEvent(SuiAddress typeAddress, String module) {
        return module.equals(WalrusEvent.MODULE) && walrus.contains(typeAddress);
    }

    private static WalrusNetwork builtIn(String name) {
        var resource = Objects.requireNonNull(
                WalrusNetwork.class.getResourceAsStream("/networks/" + name + ".properties"), name);
        try (var in = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static WalrusNetwork read(Reader in) throws IOException {
        var properties = new Properties();
        properties.load(in);
        var keys = new Keys(properties);
        var network = new WalrusNetwork(
                keys.required("name"),
                keys.optional("chain").map(hex -> new Digest(HexFormat.of().parseHex(hex))),
                keys.packages("package.walrus"),
                keys.packages("package.wal"),
                keys.packages("package.walrus-subsidies"),
                keys.packages("package.subsidies"),
                keys.packages("package.wal-exchange"),
                keys.packages("package.walrus-sites"),
                new SharedObjects(
                        SuiAddress.parse(keys.required("object.system")),
                        SuiAddress.parse(keys.required("object.staking")),
                        keys.optional("object.upgrade-manager").map(SuiAddress::parse),
                        keys.optional("object.slashing-manager").map(SuiAddress::parse),
                        keys.optional("object.treasury").map(SuiAddress::parse),
                        keys.optional("object.walrus-subsidies").map(SuiAddress::parse),
                        keys.ids("object.subsidies"),
                        keys.ids("object.exchanges")));
        keys.refuseUnread();
        if (network.walrus.ids().isEmpty()) {
            throw new IllegalArgumentException("a network needs package.walrus.1, the id of the Walrus package");
        }
        return network;
    }

    /** The keys of a network file; remembers which were asked for, so that a misspelt one does not go unnoticed. */
    private record Keys(Properties properties, TreeSet<String> unread) {
        Keys(Properties properties) {
            this(properties, new TreeSet<>(properties.stringPropertyNames()));
        }

        Optional<String> optional(String key) {
            unread.remove(key);
            return Optional.ofNullable(properties.getProperty(key)).map(String::strip);
        }

        String required(String key) {
            return optional(key).orElseThrow(() -> new IllegalArgumentException("a network needs the key " + key));
        }

        List<SuiAddress> ids(String key) {
            return optional(key).stream()
                    .flatMap(value -> Arrays.stream(value.split("\\s*,\\s*")))
                    .map(SuiAddress::parse)
                    .toList();
        }

        /** Keys such as {@code package.walrus.3}: the package's versions. */
        PackageChain packages(String prefix) {
            var ids = new TreeMap<Long, SuiAddress>();
            for (String key : List.copyOf(unread)) {
                if (key.matches("\\Q" + prefix + "\\E\\.[0-9]{1,9}")) {
                    ids.put(Long.parseLong(key.substring(prefix.length() + 1)), SuiAddress.parse(required(key)));
                }
            }
            return new PackageChain(ids);
        }

        void refuseUnread() {
            if (!unread.isEmpty()) {
                throw new IllegalArgumentException("a network has no key " + String.join(", ", unread));
            }
        }
    }
}
