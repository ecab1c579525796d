package dev.vibrissa.verifier.round;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.AuthoritySignature;
import dev.vibrissa.protocol.sui.CheckpointSummary;
import dev.vibrissa.protocol.sui.Committee;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.Owner;
import dev.vibrissa.protocol.sui.StructTag;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;
import dev.vibrissa.protocol.sui.TypeTag;
import dev.vibrissa.protocol.sui.proof.CommitteeVerifier;
import dev.vibrissa.protocol.sui.proof.Evidence;
import dev.vibrissa.protocol.sui.proof.EvidenceFormatException;
import dev.vibrissa.protocol.sui.proof.EvidenceJson;
import dev.vibrissa.protocol.sui.proof.EvidenceReport;
import dev.vibrissa.protocol.sui.proof.EvidenceReport.Conclusion;
import dev.vibrissa.protocol.walrus.WalrusNetwork;
import dev.vibrissa.protocol.walrus.WalrusNetwork.SharedObjects;
import dev.vibrissa.protocol.walrus.object.Field;
import dev.vibrissa.protocol.walrus.object.StakingInner;
import dev.vibrissa.protocol.walrus.object.StakingPool;
import dev.vibrissa.protocol.walrus.object.SystemStateInner;
import dev.vibrissa.verifier.sample.Frame;
import dev.vibrissa.verifier.sample.FrameMember;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Holds what a dossier says against what the chain says in it, and that against the committees one trusts. */
public final class ChainCheck {
    /**
     * What one part comes to.
     *
     * @param conclusion empty: the file does not have it, and it has to be looked up
     */
    public record Claim(String claim, Optional<Conclusion> conclusion, String detail) {
        /** Whether it may be relied on, or only does not contradict itself. */
        public boolean isProven() {
            return conclusion.equals(Optional.of(Conclusion.PROVEN));
        }

        public boolean isRefuted() {
            return conclusion.equals(Optional.of(Conclusion.REFUTED));
        }
    }

    /** The part of a state that is held against the frame: empty if it says the same, else what it says. */
    private interface Comparison {
        Optional<String> differenceIn(SuiObject object, StructTag type, BcsReader contents);
    }

    private static final SuiAddress FRAMEWORK = SuiAddress.parse("0x2");

    private static final List<WalrusNetwork> BUILT_IN = List.of(WalrusNetwork.mainnet(), WalrusNetwork.testnet());

    private final Frame frame;
    private final FrameMember member;
    private final Optional<WalrusNetwork> network;
    private final Function<Long, Optional<Committee>> trusted;
    private final List<Claim> claims = new ArrayList<>();

    private ChainCheck(
            Frame frame,
            FrameMember member,
            Optional<WalrusNetwork> network,
            Function<Long, Optional<Committee>> trusted) {
        this.frame = frame;
        this.member = member;
        this.network = network;
        this.trusted = trusted;
    }

    /** The network of that name whose packages are known here. */
    public static Optional<WalrusNetwork> builtIn(String network) {
        return BUILT_IN.stream().filter(each -> each.name().equals(network)).findFirst();
    }

    /**
     * @param network where Walrus lives; empty: nobody knows which packages are Walrus's, and nothing is proven
     * @param trusted committees by Sui epoch
     * @throws IllegalArgumentException if the node is no member of the frame's committee
     */
    static List<Claim> of(
            ChainEvidence chain,
            Frame frame,
            SuiAddress node,
            Optional<WalrusNetwork> network,
            Function<Long, Optional<Committee>> trusted) {
        FrameMember member = frame.members().stream()
                .filter(each -> each.nodeId().equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s is no member in the frame".formatted(node)));
        var check = new ChainCheck(frame, member, network, trusted);
        check.object("the node was in the committee with this signing key", chain.committee(), check::signingKey);
        check.object("these were its shards", chain.shards(), check::shards);
        check.object("this was its network key", chain.node(), check::networkKey);
        chain.seeds().forEach(check::seed);
        return check.claims.stream().map(check::asFarAsKnown).toList();
    }

    /** Whose network is not known has proven nothing about it, whoever signed. */
    private Claim asFarAsKnown(Claim claim) {
        return network.isEmpty() && claim.isProven()
                ? new Claim(
                        claim.claim(),
                        Optional.of(Conclusion.CONSISTENT),
                        "%s; the network '%s' is not known here".formatted(claim.detail(), frame.network()))
                : claim;
    }

    private void object(String claim, Optional<JsonNode> json, Comparison comparison) {
        if (json.isEmpty()) {
            claims.add(new Claim(claim, Optional.empty(), "not in the file"));
            return;
        }
        try {
            Evidence evidence = EvidenceJson.read(json.get().toString());
            if (!(evidence instanceof Evidence.ObjectEvidence(var anchor, Bytes bcs))) {
                claims.add(refuted(claim, "evidence of an event, where an object is due"));
                return;
            }
            EvidenceReport report =
                    evidence.verify(trusted.apply(BcsReader.decode(anchor.summary(), CheckpointSummary::decode)
                            .epoch()));
            SuiObject object = BcsReader.decode(bcs, SuiObject::decode);
            Optional<String> difference = object.data() instanceof SuiObject.Move move
                    ? comparison.differenceIn(
                            object, move.type(), move.contents().reader())
                    : Optional.of("a package");
            claims.add(
                    difference.isPresent()
                            ? refuted(claim, difference.get())
                            : new Claim(
                                    claim,
                                    Optional.of(report.conclusion()),
                                    "checkpoint %d, object %s".formatted(report.checkpoint(), object.id())));
        } catch (EvidenceFormatException | BcsException e) {
            claims.add(refuted(claim, String.valueOf(e.getMessage())));
        }
    }

    private static Claim refuted(String claim, String why) {
        return new Claim(claim, Optional.of(Conclusion.REFUTED), why);
    }

    private Optional<String> signingKey(SuiObject object, StructTag type, BcsReader contents) {
        if (!isField(type, "system_state_inner", "SystemStateInnerV1") || isForeign(type)) {
            return Optional.of("an object of type %s".formatted(type));
        }
        Optional<String> elsewhere = elsewhere(object, SharedObjects::system);
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        var committee = Field.decode(contents, BcsReader::u64, SystemStateInner::decode)
                .value()
                .committee();
        if (committee.epoch() != frame.walrusEpoch()) {
            return Optional.of("the committee is that of epoch %d".formatted(committee.epoch()));
        }
        return committee.members().stream()
                        .anyMatch(each -> each.nodeId().equals(member.nodeId())
                                && Arrays.equals(
                                        each.publicKey().toByteArray(),
                                        member.signingKey().toByteArray()))
                ? Optional.empty()
                : Optional.of("the committee has no such member with that key");
    }

    private Optional<String> shards(SuiObject object, StructTag type, BcsReader contents) {
        if (!isField(type, "staking_inner", "StakingInnerV1") || isForeign(type)) {
            return Optional.of("an object of type %s".formatted(type));
        }
        Optional<String> elsewhere = elsewhere(object, SharedObjects::staking);
        if (elsewhere.isPresent()) {
            return elsewhere;
        }
        var staking =
                Field.decode(contents, BcsReader::u64, StakingInner::decode).value();
        var theirs = staking.committee().shards().getOrDefault(member.nodeId(), List.of()).stream()
                .sorted()
                .toList();
        return staking.epoch() == frame.walrusEpoch() && theirs.equals(member.shards())
                ? Optional.empty()
                : Optional.of("in epoch %d they were %s".formatted(staking.epoch(), theirs));
    }

    private Optional<String> networkKey(SuiObject object, StructTag type, BcsReader contents) {
        if (!type.module().equals("staking_pool") || !type.name().equals("StakingPool") || isForeign(type.address())) {
            return Optional.of("an object of type %s".formatted(type));
        }
        var info = StakingPool.decode(contents).nodeInfo();
        return info.nodeId().equals(member.nodeId())
                        && object.id().equals(member.nodeId())
                        && Arrays.equals(
                                info.networkPublicKey().toByteArray(),
                                member.networkKey().toByteArray())
                ? Optional.empty()
                : Optional.of("node %s has %s".formatted(info.nodeId(), info.networkPublicKey()));
    }

    /**
     * A state counts only where Walrus looks for it: as a field of the one object that the network has for it. Walrus's code
     * may make another of the type, for a test or in an upgrade, and nothing hangs on that.
     */
    private Optional<String> elsewhere(SuiObject object, Function<SharedObjects, SuiAddress> parent) {
        return network.map(WalrusNetwork::objects)
                .map(parent)
                .map(Owner.ObjectOwner::new)
                .filter(due -> !object.owner().equals(due))
                .map(due -> "object %s is of %s, not %s".formatted(object.id(), object.owner(), due));
    }

    private boolean isForeign(StructTag field) {
        return field.typeParams().get(1) instanceof TypeTag.Struct(var value) && isForeign(value.address());
    }

    /**
     * Anybody can publish modules with the names of Walrus's, and so objects that say what he likes. Which packages are
     * Walrus's is known here of public networks; of others, the reader must know.
     */
    private boolean isForeign(SuiAddress definedBy) {
        return network.isPresent() && !network.get().walrus().contains(definedBy);
    }

    private static boolean isField(StructTag type, String module, String name) {
        // A field of somebody else's would hold whatever of Walrus's he got hold of.
        return type.is(FRAMEWORK, "dynamic_field", "Field")
                && type.typeParams().size() == 2
                && type.typeParams().get(1) instanceof TypeTag.Struct(var value)
                && value.module().equals(module)
                && value.name().equals(name);
    }

    private void seed(ChainEvidence.Seeding seed) {
        String claim = "round %d was drawn from checkpoint %d".formatted(seed.round(), seed.checkpoint());
        if (seed.certified().isEmpty()) {
            claims.add(new Claim(
                    claim,
                    Optional.empty(),
                    "not in the file: any full node can say whether its digest is %s".formatted(seed.digest())));
            return;
        }
        try {
            ChainEvidence.Certified certified = seed.certified().get();
            Bytes summary = Bytes.of(Base64.getDecoder().decode(certified.summary()));
            var decoded = BcsReader.decode(summary, CheckpointSummary::decode);
            if (decoded.sequenceNumber() != seed.checkpoint()
                    || !DigestKind.CHECKPOINT_SUMMARY.digest(summary).equals(seed.digest())) {
                claims.add(refuted(claim, "the summary is of checkpoint %d".formatted(decoded.sequenceNumber())));
                return;
            }
            claims.add(new Claim(
                    claim,
                    Optional.of(conclusion(certified, summary, decoded.epoch())),
                    seed.digest().toString()));
        } catch (BcsException | IllegalArgumentException e) {
            claims.add(refuted(claim, String.valueOf(e.getMessage())));
        }
    }

    private Conclusion conclusion(ChainEvidence.Certified certified, Bytes summary, long epoch) {
        Optional<Committee> committee = trusted.apply(epoch);
        if (committee.isEmpty()) {
            return Conclusion.CONSISTENT;
        }
        var signature = new AuthoritySignature(
                certified.signature().epoch(),
                Bytes.of(Base64.getDecoder().decode(certified.signature().signature())),
                Bytes.of(Base64.getDecoder().decode(certified.signature().bitmap())));
        return new CommitteeVerifier(committee.get()).verify(summary, signature).isValid()
                ? Conclusion.PROVEN
                : Conclusion.REFUTED;
    }
}
