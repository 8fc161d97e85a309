// `/_control`: GET counts, POST switches, DELETE ends all faults.
//
//   POST {"fault": {…}}             see faults.mjs
//   POST {"flushTokens": true}      every token is worth nothing
//   POST {"transactions": false}    transactions keep what went well before an entry failed
export function control(peer, counts, method, body) {
  try {
    if (method === 'POST') {
      change(peer, JSON.parse(body));
    } else if (method === 'DELETE') {
      peer.faults.clear();
    }
    return json(200, stats(peer, counts));
  } catch (error) {
    return json(400, { error: error.message });
  }
}

function change(peer, { fault, flushTokens, transactions }) {
  if (fault) {
    peer.faults.add(fault);
  }
  if (flushTokens) {
    peer.oauth.flush();
  }
  peer.transactions = transactions ?? peer.transactions;
}

function stats({ repository, oauth, faults, quota }, counts) {
  const resources = [...repository.resources].map(([type, resources]) => [type, resources.size]);
  const present = Object.fromEntries(resources.filter(([, size]) => size));
  return { ...counts, tokens: oauth.issued, points: quota.consumed, faults: faults.happened, resources: present };
}

const json = (status, body) => ({ status, type: 'application/json', body: JSON.stringify(body) });
