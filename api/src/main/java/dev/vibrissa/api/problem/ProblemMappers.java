package dev.vibrissa.api.problem;

import dev.vibrissa.api.problem.Problem.Kind;
import dev.vibrissa.api.sql.DatabaseUnavailableException;
import dev.vibrissa.api.sql.QueryFailedException;
import io.vertx.core.http.HttpClosedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns whatever ends a request early into a problem document. */
@ApplicationScoped
class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final String RETRY_AFTER_SECONDS = "5";

    @ServerExceptionMapper
    RestResponse<Problem> problem(ProblemException e, UriInfo uri) {
        return answer(e.problem(), uri);
    }

    @ServerExceptionMapper
    RestResponse<Problem> unavailable(DatabaseUnavailableException e, UriInfo uri) {
        LOG.warnf("database unavailable path=%s cause=%s", uri.getPath(), e.getCause());
        return answer(Problem.of(Kind.DATABASE_UNAVAILABLE, "the database gives no connection; try again"), uri);
    }

    @ServerExceptionMapper
    RestResponse<Problem> failed(QueryFailedException e, UriInfo uri) {
        if (e.tookTooLong()) {
            return answer(
                    Problem.of(
                            Kind.TOOK_TOO_LONG,
                            "the answer was given up: %s; ask for less, or for a narrower range".formatted(e.limits())),
                    uri);
        }
        if (e.hasImpossibleCharacter()) {
            return answer(
                    Problem.of(Kind.BAD_INPUT, "a parameter has the character U+0000, which nothing stored has"), uri);
        }
        if (e.isOutage()) {
            LOG.warnf("database went away path=%s cause=%s", uri.getPath(), e.getCause());
            return answer(Problem.of(Kind.DATABASE_UNAVAILABLE, "the database broke off; try again"), uri);
        }
        return unexpected(e, uri);
    }

    /** What the framework refuses by itself: no such route, wrong method, wrong type. */
    @ServerExceptionMapper
    RestResponse<Problem> refused(WebApplicationException e, UriInfo uri) {
        int status = e.getResponse().getStatus();
        Problem problem = switch (status) {
            case 404 -> Problem.of(Kind.NOT_FOUND, "no resource has the path " + uri.getPath());
            case 405 -> Problem.of(Kind.METHOD_NOT_ALLOWED, "this resource is read with GET");
            case 406 ->
                Problem.of(Kind.NOT_ACCEPTABLE, "answers are application/json, and lists text/csv when asked for it");
            case 413 -> Problem.of(Kind.BODY_TOO_LARGE, "the body exceeds the limit");
            case 415 -> Problem.of(Kind.UNSUPPORTED_MEDIA_TYPE, "the body's type is not read here");
            case 400 -> Problem.of(Kind.BAD_REQUEST, String.valueOf(e.getMessage()));
            default -> null;
        };
        return problem == null ? unexpected(e, uri) : answer(problem, uri);
    }

    /** Who hangs up before all of a body has come: no fault of ours, and nobody reads the answer. */
    @ServerExceptionMapper
    RestResponse<Problem> unread(IOException e, UriInfo uri) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpClosedException) {
                LOG.debugf("hung up path=%s", uri.getPath());
                return answer(Problem.of(Kind.BAD_REQUEST, "the connection ended before the body did"), uri);
            }
        }
        return unexpected(e, uri);
    }

    @ServerExceptionMapper
    RestResponse<Problem> unexpected(Throwable e, UriInfo uri) {
        String id = UUID.randomUUID().toString();
        LOG.errorf(e, "unexpected fault correlationId=%s path=%s", id, uri.getPath());
        return answer(
                Problem.of(Kind.INTERNAL_FAULT, "the fault is logged under its correlation id")
                        .withCorrelationId(id),
                uri);
    }

    private static RestResponse<Problem> answer(Problem problem, UriInfo uri) {
        var response = RestResponse.ResponseBuilder.create(
                        RestResponse.Status.fromStatusCode(problem.status()),
                        problem.withInstance(uri.getRequestUri().getRawPath()))
                .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
        if (problem.status() == 503) {
            response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return response.build();
    }
}
