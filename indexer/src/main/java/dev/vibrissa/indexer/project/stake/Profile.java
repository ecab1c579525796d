package dev.vibrissa.indexer.project.stake;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.object.NodeMetadata;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.StakingPool.Authorized;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an operator presents itself, whom it lets act, and its keys.
 *
 * @param metadata null where they were not seen
 */
record Profile(
        String name,
        String networkAddress,
        Bytes networkPublicKey,
        Bytes publicKey,
        @Nullable Bytes nextPublicKey,
        Authorized commissionReceiver,
        Authorized governance,
        @Nullable NodeMetadata metadata) {

    static final String[] COLUMNS = {
        "node_id",
        "checkpoint",
        "tx_index",
        "tx_digest",
        "replaced_checkpoint",
        "name",
        "network_address",
        "network_public_key",
        "public_key",
        "next_public_key",
        "commission_receiver_kind",
        "commission_receiver",
        "governance_kind",
        "governance",
        "image_url",
        "project_url",
        "description",
        "extra_fields"
    };

    /** @param known what is known of the metadata, which lie in an object of their own */
    static Profile of(StakingPool pool, @Nullable Profile known) {
        var node = pool.nodeInfo();
        return new Profile(
                Columns.text(node.name()),
                Columns.text(node.networkAddress()),
                Bytes.of(node.networkPublicKey().toByteArray()),
                Bytes.of(node.publicKey().toByteArray()),
                node.nextEpochPublicKey()
                        .map(key -> Bytes.of(key.toByteArray()))
                        .orElse(null),
                pool.commissionReceiver(),
                pool.governanceAuthorized(),
                known == null ? null : known.metadata);
    }

    Profile with(NodeMetadata told) {
        var extra = new LinkedHashMap<String, String>();
        told.extraFields().forEach((key, value) -> extra.put(Columns.text(key), Columns.text(value)));
        return new Profile(
                name,
                networkAddress,
                networkPublicKey,
                publicKey,
                nextPublicKey,
                commissionReceiver,
                governance,
                new NodeMetadata(
                        Columns.text(told.imageUrl()),
                        Columns.text(told.projectUrl()),
                        Columns.text(told.description()),
                        extra));
    }

    /** Of the columns after {@code replaced_checkpoint}. */
    @Nullable
    Object[] values() {
        return new @Nullable Object[] {
            name,
            networkAddress,
            networkPublicKey.toByteArray(),
            publicKey.toByteArray(),
            nextPublicKey == null ? null : nextPublicKey.toByteArray(),
            kind(commissionReceiver),
            id(commissionReceiver),
            kind(governance),
            id(governance),
            metadata == null ? null : metadata.imageUrl(),
            metadata == null ? null : metadata.projectUrl(),
            metadata == null ? null : metadata.description(),
            metadata == null
                    ? null
                    : metadata.extraFields().entrySet().stream()
                            .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
                            .toArray(String[]::new)
        };
    }

    static Profile read(ResultSet row) throws SQLException {
        byte @Nullable [] next = row.getBytes("next_public_key");
        return new Profile(
                row.getString("name"),
                row.getString("network_address"),
                Bytes.of(row.getBytes("network_public_key")),
                Bytes.of(row.getBytes("public_key")),
                next == null ? null : Bytes.of(next),
                authorized(row, "commission_receiver_kind", "commission_receiver"),
                authorized(row, "governance_kind", "governance"),
                metadata(row));
    }

    private static @Nullable NodeMetadata metadata(ResultSet row) throws SQLException {
        if (row.getArray("extra_fields") == null) {
            return null;
        }
        var pairs = (String[]) row.getArray("extra_fields").getArray();
        var extra = new LinkedHashMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            extra.put(pairs[i], pairs[i + 1]);
        }
        return new NodeMetadata(
                row.getString("image_url"), row.getString("project_url"), row.getString("description"), extra);
    }

    private static String kind(Authorized authorized) {
        return switch (authorized) {
            case Authorized.ByAddress _ -> "address";
            case Authorized.ByObject _ -> "object";
        };
    }

    private static SuiAddress id(Authorized authorized) {
        return switch (authorized) {
            case Authorized.ByAddress(var address) -> address;
            case Authorized.ByObject(var object) -> object;
        };
    }

    private static Authorized authorized(ResultSet row, String kind, String id) throws SQLException {
        var address = new SuiAddress(row.getBytes(id));
        return row.getString(kind).equals("address")
                ? new Authorized.ByAddress(address)
                : new Authorized.ByObject(address);
    }
}
