package dev.vibrissa.changes;

import dev.vibrissa.changes.v1.Change;
import dev.vibrissa.changes.v1.Holder;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a change is about.
 *
 * @param key by which changes are kept in order: the blob id, the node id, else what names the one thing it is about
 * @param blobId as Walrus writes it
 * @param nodes whom it concerns: the node itself, and whoever votes
 * @param accounts addresses that hold or held the object, and who sent the transaction
 */
public record Subject(Topic topic, String key, Optional<String> blobId, Set<String> nodes, Set<String> accounts) {
    private static final String PRICE = "price";
    private static final String EPOCH = "epoch";
    private static final String CONTRACT = "contract";

    /**
     * @throws IllegalArgumentException if {@code change} says nothing that this program knows
     */
    public static Subject of(Change change) {
        String sender = change.getPlace().getSender();
        return switch (change.getWhatCase()) {
            case BLOB_REGISTERED ->
                blob(
                        change.getBlobRegistered().getBlobId(),
                        sender,
                        change.getBlobRegistered().getHolder());
            case BLOB_CERTIFIED ->
                blob(
                        change.getBlobCertified().getBlobId(),
                        sender,
                        change.getBlobCertified().getHolder());
            case BLOB_EXTENDED ->
                blob(
                        change.getBlobExtended().getBlobId(),
                        sender,
                        change.getBlobExtended().getHolder());
            case BLOB_DELETED ->
                blob(
                        change.getBlobDeleted().getBlobId(),
                        sender,
                        change.getBlobDeleted().getHolderBefore());
            case BLOB_INVALIDATED -> blob(change.getBlobInvalidated().getBlobId(), sender);
            case BLOB_DENIED -> blob(change.getBlobDenied().getBlobId(), sender);
            case BLOB_HELD ->
                blob(
                        change.getBlobHeld().getBlobId(),
                        sender,
                        change.getBlobHeld().getHolder(),
                        change.getBlobHeld().getHolderBefore());
            case STORAGE_POOL_EXTENDED ->
                new Subject(
                        Topic.BLOB,
                        change.getStoragePoolExtended().getStoragePoolId(),
                        Optional.empty(),
                        Set.of(),
                        accounts(sender));
            case OPERATOR_REGISTERED ->
                node(Topic.OPERATOR, change.getOperatorRegistered().getNodeId(), sender);
            case OPERATOR_PROFILE_CHANGED ->
                node(Topic.OPERATOR, change.getOperatorProfileChanged().getNodeId(), sender);
            case COMMISSION_ANNOUNCED ->
                node(Topic.OPERATOR, change.getCommissionAnnounced().getNodeId(), sender);
            case OPERATOR_VOTED ->
                node(Topic.OPERATOR, change.getOperatorVoted().getNodeId(), sender);
            case NODE_JOINING -> node(Topic.OPERATOR, change.getNodeJoining().getNodeId(), sender);
            case NODE_LEAVING -> node(Topic.OPERATOR, change.getNodeLeaving().getNodeId(), sender);
            case SCORE_CHANGED -> node(Topic.SCORE, change.getScoreChanged().getNodeId(), "");
            case PRICE_CHANGED -> new Subject(Topic.PRICE, PRICE, Optional.empty(), Set.of(), Set.of());
            case EPOCH_BEGAN -> governance(EPOCH, sender);
            case PROPOSAL_BEGUN -> proposal(change.getProposalBegun().getSubject(), "", sender);
            case PROPOSAL_VOTED ->
                proposal(
                        change.getProposalVoted().getSubject(),
                        change.getProposalVoted().getNodeId(),
                        sender);
            case PROPOSAL_ENDED -> proposal(change.getProposalEnded().getSubject(), "", sender);
            case CONTRACT_UPGRADED -> governance(CONTRACT, sender);
            case DENY_LIST_UPDATED ->
                node(Topic.GOVERNANCE, change.getDenyListUpdated().getNodeId(), sender);
            case PROTOCOL_VERSION_ANNOUNCED -> governance(CONTRACT, sender);
            case WHAT_NOT_SET -> throw new IllegalArgumentException("change %d says nothing".formatted(change.getId()));
        };
    }

    /** Of a change whose kind this program does not know: its row says that much. */
    static Subject unknown(Topic topic, String key) {
        return new Subject(topic, key, Optional.empty(), Set.of(), Set.of());
    }

    private static Subject blob(String blobId, String sender, Holder... holders) {
        return new Subject(Topic.BLOB, blobId, Optional.of(blobId), Set.of(), accounts(sender, holders));
    }

    private static Subject node(Topic topic, String nodeId, String sender) {
        return new Subject(topic, nodeId, Optional.empty(), Set.of(nodeId), accounts(sender));
    }

    private static Subject governance(String key, String sender) {
        return new Subject(Topic.GOVERNANCE, key, Optional.empty(), Set.of(), accounts(sender));
    }

    /** Of a slashing the subject is a node, of an upgrade a digest: as a node that digest is nobody's. */
    private static Subject proposal(String subject, String voter, String sender) {
        return new Subject(
                Topic.GOVERNANCE,
                subject,
                Optional.empty(),
                Stream.of(subject, voter).filter(each -> !each.isEmpty()).collect(Collectors.toUnmodifiableSet()),
                accounts(sender));
    }

    private static Set<String> accounts(String sender, Holder... holders) {
        return Stream.concat(
                        Stream.of(sender),
                        Stream.of(holders)
                                .filter(holder -> holder.getKind() == Holder.Kind.ADDRESS)
                                .map(Holder::getId))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }
}
