package dev.vibrissa.indexer.extract;

import dev.vibrissa.indexer.extract.CheckpointFacts.CertificateFact;
import dev.vibrissa.indexer.extract.CheckpointFacts.Quarantined;
import dev.vibrissa.protocol.bcs.BcsException;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Argument;
import dev.vibrissa.protocol.sui.CallArg;
import dev.vibrissa.protocol.sui.Command.MoveCall;
import dev.vibrissa.protocol.sui.TransactionKind.Programmable;
import dev.vibrissa.protocol.walrus.CertificateMessage;
import dev.vibrissa.protocol.walrus.Decoding;
import dev.vibrissa.protocol.walrus.PackageChain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds storage-node certificates among the arguments of calls: signature, signers bitmap and message are always the
 * last three, and pure inputs wherever a person or a program built the call.
 */
final class CertificateReader {
    private static final Set<String> CERTIFIED_CALLS = Set.of(
            "system::certify_blob",
            "system::certify_pooled_blob",
            "system::invalidate_blob_id",
            "system::update_deny_list",
            "system::update_protocol_version",
            "system::delete_deny_listed_blob");

    private CertificateReader() {}

    static List<CertificateFact> read(
            int transactionIndex, Programmable programmable, PackageChain packages, List<Quarantined> quarantined) {
        var found = new ArrayList<CertificateFact>();
        for (int i = 0; i < programmable.commands().size(); i++) {
            if (!(programmable.commands().get(i) instanceof MoveCall call)
                    || !packages.contains(call.packageId())
                    || !CERTIFIED_CALLS.contains(call.module() + "::" + call.function())) {
                continue;
            }
            int arguments = call.arguments().size();
            if (arguments < 3) {
                continue; // no version of the contract takes fewer; the call would have failed
            }
            var signature = pure(programmable, call.arguments().get(arguments - 3));
            var bitmap = pure(programmable, call.arguments().get(arguments - 2));
            var message = pure(programmable, call.arguments().get(arguments - 1));
            if (signature.isEmpty() || bitmap.isEmpty() || message.isEmpty()) {
                continue; // made by another call within the transaction: its bytes are nowhere on chain
            }
            Optional<Bytes> messageBytes = vector(message.get());
            Optional<Bytes> signatureBytes = vector(signature.get());
            Optional<Bytes> bitmapBytes = vector(bitmap.get());
            Decoding<CertificateMessage> decoded = messageBytes
                    .map(bytes -> CertificateMessage.decode(bytes.toByteArray()))
                    .orElseGet(() -> new Decoding.Malformed<>("certificate message", "no vector<u8>"));
            if (decoded instanceof Decoding.Known<CertificateMessage>(var known)
                    && signatureBytes.isPresent()
                    && bitmapBytes.isPresent()) {
                found.add(new CertificateFact(
                        i,
                        messageBytes.orElseThrow().at(0) & 0xff, // the intent type comes first
                        known.epoch(),
                        bitmapBytes.get(),
                        messageBytes.get(),
                        signatureBytes.get()));
            } else {
                quarantined.add(new Quarantined(
                        transactionIndex,
                        "call",
                        Integer.toString(i),
                        call.module() + "::" + call.function(),
                        decoded.toString(),
                        message.get()));
            }
        }
        return List.copyOf(found);
    }

    private static Optional<Bytes> vector(Bytes pure) {
        try {
            var in = pure.reader();
            Bytes vector = in.bytesView();
            in.end();
            return Optional.of(vector);
        } catch (BcsException e) {
            return Optional.empty();
        }
    }

    private static Optional<Bytes> pure(Programmable programmable, Argument argument) {
        return argument instanceof Argument.Input(int index)
                        && index < programmable.inputs().size()
                        && programmable.inputs().get(index) instanceof CallArg.Pure(var bytes)
                ? Optional.of(bytes)
                : Optional.empty();
    }
}
