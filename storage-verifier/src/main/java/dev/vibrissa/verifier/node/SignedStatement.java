package dev.vibrissa.verifier.node;

import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobId;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.KeyBytes;
import dev.vibrissa.verifier.node.Outcome.Judgement;
import java.util.Optional;

/**
 * The storage confirmation that was asked for: every field of it has to be as here.
 *
 * @param deletableObject empty for a permanent blob
 */
record SignedStatement(long epoch, BlobId blobId, Optional<SuiAddress> deletableObject) {
    /** Holds what a node signed against this. */
    Judgement<Confirmation> judge(NodeJson.Signed signed, KeyBytes key) {
        return switch (CertificateMessage.decode(signed.message())) {
            case Decoding.Known<CertificateMessage>(CertificateMessage.BlobStored stored) -> judge(stored, signed, key);
            case Decoding.Known<CertificateMessage>(CertificateMessage other) ->
                Judgement.disproven(new Disproof.OtherStatement(other.getClass().getSimpleName()));
            case Decoding.Malformed<CertificateMessage>(String _, String reason) ->
                Judgement.disproven(new Disproof.Malformed("signed message: " + reason));
            case Decoding.Unknown<CertificateMessage>(String name) ->
                Judgement.disproven(new Disproof.Malformed("signed message: " + name));
        };
    }

    private Judgement<Confirmation> judge(CertificateMessage.BlobStored stored, NodeJson.Signed signed, KeyBytes key) {
        if (!stored.blobId().equals(blobId)) {
            return Judgement.disproven(new Disproof.OtherBlob(blobId, stored.blobId()));
        }
        if (!stored.deletableObject().equals(deletableObject)) {
            return Judgement.disproven(
                    new Disproof.OtherPersistence(named(deletableObject), named(stored.deletableObject())));
        }
        if (stored.epoch() != epoch) {
            // Not held against the key, since in another epoch the node may have another one, under which any signature
            // of the right form could be true: only what is no signature under any key is known to be false.
            return Judgement.disproven(NodeSignature.faultOfForm(signed.signature())
                    .<Disproof>map(Disproof.BadSignature::new)
                    .orElseGet(() -> new Disproof.OtherEpoch(epoch, stored.epoch())));
        }
        return NodeSignature.faultOf(signed.signature(), signed.message(), key)
                .<Judgement<Confirmation>>map(Judgement.Failing::new)
                .orElseGet(() -> new Judgement.Held<>(new Confirmation(
                        epoch, blobId, deletableObject, Bytes.of(signed.message()), Bytes.of(signed.signature()))));
    }

    private static String named(Optional<SuiAddress> object) {
        return object.map(each -> "deletable " + each).orElse("permanent");
    }
}
