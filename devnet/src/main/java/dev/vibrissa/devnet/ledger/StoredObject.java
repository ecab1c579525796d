package dev.vibrissa.devnet.ledger;

import dev.vibrissa.protocol.bcs.BcsReader;
import dev.vibrissa.protocol.bcs.BcsWriter;
import dev.vibrissa.protocol.bcs.Bytes;
import dev.vibrissa.protocol.sui.Digest;
import dev.vibrissa.protocol.sui.DigestKind;
import dev.vibrissa.protocol.sui.ObjectRef;
import dev.vibrissa.protocol.sui.SuiAddress;
import dev.vibrissa.protocol.sui.SuiObject;

/** One version of an object with its bytes and their digest. */
record StoredObject(SuiObject object, Bytes bcs, Digest digest) {
    static StoredObject of(SuiObject object) {
        return of(Bytes.of(BcsWriter.encode(object, (out, each) -> each.encode(out))));
    }

    /** The object looks into {@code bcs}: give it an array of its own. */
    static StoredObject of(Bytes bcs) {
        return new StoredObject(BcsReader.decode(bcs, SuiObject::decode), bcs, DigestKind.OBJECT.digest(bcs));
    }

    SuiAddress id() {
        return object.id();
    }

    long version() {
        return object.version();
    }

    ObjectRef ref() {
        return new ObjectRef(id(), version(), digest);
    }
}
