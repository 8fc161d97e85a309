// Outcomes that @medplum/core has no constant for.
import { OperationOutcomeError, badRequest, conflict, tooManyRequests } from '@medplum/core';

export const refuse = (text, expression) => new OperationOutcomeError(badRequest(text, expression));

export const databaseAway = () => badRequest('connect ECONNREFUSED 127.0.0.1:5432');

export const serialization = () =>
  conflict('could not serialize access due to read/write dependencies among transactions', '40001');

export const serverError = () => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code: 'exception', details: { text: 'Internal server error' } }],
});

export function throttled(consumed, limit, millis) {
  const diagnostics = JSON.stringify({
    _remainingPoints: Math.max(0, limit - consumed),
    _msBeforeNext: millis,
    _consumedPoints: consumed,
    _isFirstInDuration: false,
    limit,
  });
  const issue = tooManyRequests.issue.map((issue) => ({ ...issue, diagnostics }));
  return { ...tooManyRequests, issue };
}
