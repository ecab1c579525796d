package dev.vibrissa.indexer.project;

import static dev.vibrissa.indexer.project.money.BuiltTransaction.PACKAGES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vibrissa.indexer.project.money.BuiltTransaction;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobCertified;
import dev.vibrissa.protocol.walrus.BlobEvent.BlobRegistered;
import dev.vibrissa.protocol.walrus.BlobId;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBlobsTest {
    private static final SuiAddress SYSTEM = SuiAddress.parse("0x5");
    private static final SuiAddress CAP = SuiAddress.parse("0xca9");
    private static final BlobId EVENTS = blobId(1);
    private static final BlobId OWN = blobId(2);
    private static final BlobRegistered OF_EVENTS = registered(EVENTS, "0xb1");
    private static final BlobRegistered OF_ONES_OWN = registered(OWN, "0xb2");

    private static BlobId blobId(int first) {
        byte[] id = new byte[32];
        id[0] = (byte) first;
        return new BlobId(id);
    }

    private static BlobRegistered registered(BlobId id, String object) {
        return new BlobRegistered(3, id, 1_000_000, 1, 56, false, SuiAddress.parse(object));
    }

    private static BlobCertified certified(BlobRegistered blob) {
        return new BlobCertified(3, blob.blobId(), 56, false, blob.objectId(), false);
    }

    private static boolean isEventBlob(BuiltTransaction transaction, BlobRegistered blob) {
        return EventBlobs.isOne(transaction.facts(), PACKAGES, blob);
    }

    @Test
    void whatAQuorumCertifiesIsOne() {
        var transaction = new BuiltTransaction()
                .calls("system", "certify_event_blob", List.of(SYSTEM, CAP, EVENTS), OF_EVENTS, certified(OF_EVENTS));
        assertThat(isEventBlob(transaction, OF_EVENTS)).isTrue();
    }

    /** Whether the attestation makes a quorum or not, and even if the blob was certified at once. */
    @Test
    void whatIsRegisteredBesideAnAttestationIsNone() {
        var transaction = new BuiltTransaction()
                .calls("system", "certify_event_blob", List.of(SYSTEM, CAP, EVENTS))
                .calls("system", "register_blob", List.of(SYSTEM), OF_ONES_OWN);
        assertThat(isEventBlob(transaction, OF_ONES_OWN)).isFalse();
        transaction.event(certified(OF_ONES_OWN));
        assertThat(isEventBlob(transaction, OF_ONES_OWN)).isFalse();
    }
}
