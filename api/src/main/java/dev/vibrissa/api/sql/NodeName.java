package dev.vibrissa.api.sql;

/** What a node called itself at a checkpoint: the answer about a past must not change when a node takes another name. */
public final class NodeName {
    private NodeName() {}

    /**
     * A join that gives {@code sn.name}, null where the node was not seen. Its question mark is the checkpoint.
     *
     * @param node the column with the node's id
     */
    public static String of(String node) {
        return """
                left join lateral (
                  select f.name from operator_profile f where f.node_id = %s and f.checkpoint <= ?
                  order by f.checkpoint desc, f.tx_index desc limit 1) sn on true
                """.formatted(node);
    }
}
