package dev.vibrissa.api.answer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.vibrissa.protocol.Id32;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Blob ids, addresses and digests look in JSON as the network prints them. */
@Singleton
class JsonIdentifiers implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        var module = new SimpleModule("identifiers");
        module.addSerializer(Id32.class, ToStringSerializer.instance);
        mapper.registerModule(module);
    }
}
