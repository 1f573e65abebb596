"""Lock, feed, clock, and the short list of functions that look across studios."""

# names in a function that is defined by the owner are never looked up elsewhere
_DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
_ROWS = "RETURNS TABLE (tenant_id uuid, id uuid)"

GROUND = (
    """
CREATE FUNCTION daybook_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT now() + coalesce((SELECT shift_s FROM practice_clock WHERE one), 0) * interval '1 second' $$""",
    """
CREATE FUNCTION sync_begin(t uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE h bigint; BEGIN
  IF coalesce(current_setting('app.locked', true), '') NOT IN ('', t::text) THEN
    RAISE EXCEPTION 'one studio per transaction';
  END IF;
  PERFORM set_config('app.tenant', t::text, true);
  SELECT head INTO STRICT h FROM tenant_sync WHERE tenant_id = t FOR NO KEY UPDATE;
  PERFORM set_config('app.locked', t::text, true);
  RETURN h;
END $$""",
    """
CREATE FUNCTION sync_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r record; s bigint; BEGIN
  IF tg_op = 'DELETE' THEN r := old; ELSE r := new; END IF;
  IF tg_op = 'UPDATE' AND (new.id, new.tenant_id) IS DISTINCT FROM (old.id, old.tenant_id) THEN
    RAISE EXCEPTION 'id and tenant_id never change';
  END IF;
  IF current_setting('app.locked', true) IS DISTINCT FROM r.tenant_id::text THEN
    RAISE EXCEPTION 'write outside sync_begin()';
  END IF;
  UPDATE tenant_sync SET head = head + 1 WHERE tenant_id = r.tenant_id RETURNING head INTO STRICT s;
  INSERT INTO sync_feed (tenant_id, entity, row_id, seq, deleted)
    VALUES (r.tenant_id, tg_table_name, r.id, s, tg_op = 'DELETE')
    ON CONFLICT (tenant_id, entity, row_id)
    DO UPDATE SET seq = excluded.seq, deleted = excluded.deleted, at = now();
  PERFORM pg_notify('sync', r.tenant_id::text);
  RETURN NULL;
END $$""",
    """
CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a studio''s rows are never truncated'; END $$""",
    """
CREATE FUNCTION work_poke() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('work', tg_argv[0]); RETURN NULL; END $$""",
    # a document is issued once; the only thing it gets afterwards is its place in the chain
    """
CREATE FUNCTION refuse_change_of_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_op = 'UPDATE' AND old.chain_pos IS NULL
    AND to_jsonb(new) - '{chain_pos,chain_prev,chain_hash,updated_at,updated_by}'::text[]
      = to_jsonb(old) - '{chain_pos,chain_prev,chain_hash,updated_at,updated_by}'::text[]
  THEN RETURN new; END IF;
  RAISE EXCEPTION 'an issued document never changes';
END $$""",
    """
CREATE TRIGGER issued BEFORE UPDATE OR DELETE ON document
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_document()""",
)


def _claim(table: str) -> str:
    """Due rows first, then those whose sender died before handing over."""
    return f"""
CREATE FUNCTION claim_{table}s(owner text, lease interval, n int) {_ROWS}
LANGUAGE sql VOLATILE {_DEFINER} AS $$
  WITH due AS MATERIALIZED (
    SELECT q.tenant_id, q.id FROM {table} q
    WHERE q.status IN ('scheduled', 'retry') AND q.next_try <= daybook_now()
    ORDER BY q.next_try LIMIT n FOR UPDATE SKIP LOCKED
  ), left_over AS MATERIALIZED (
    SELECT q.tenant_id, q.id FROM {table} q
    WHERE q.status = 'sending' AND q.lease_until < now() AND q.handed_over_at IS NULL
    ORDER BY q.lease_until LIMIT n FOR UPDATE SKIP LOCKED
  ), taken AS (SELECT * FROM due UNION ALL SELECT * FROM left_over LIMIT n)
  UPDATE {table} r
  SET status = 'sending', tries = r.tries + 1, lease_owner = owner, lease_until = now() + lease
  FROM taken WHERE r.tenant_id = taken.tenant_id AND r.id = taken.id
  RETURNING r.tenant_id, r.id $$"""


# name and arguments -> definition; access.md names each of them
ACROSS_STUDIOS = {
    "find_login(text, bytea)": f"""
CREATE FUNCTION find_login(studio_code text, address_hash bytea) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT c.tenant_id, c.id FROM studio s JOIN member_credential c ON c.tenant_id = s.tenant_id
  WHERE upper(s.code) = upper(studio_code) AND s.deleted_at IS NULL AND c.email_hash = address_hash $$""",
    "find_session(bytea)": f"""
CREATE FUNCTION find_session(token_hash bytea) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT s.tenant_id, s.id FROM session s WHERE s.refresh_sha256 = token_hash $$""",
    "find_link(bytea)": f"""
CREATE FUNCTION find_link(token_hash bytea) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT a.tenant_id, a.id FROM action_token a WHERE a.token_sha256 = token_hash $$""",
    "find_stripe_owner(text)": f"""
CREATE FUNCTION find_stripe_owner(reference text) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT t.tenant_id, t.tenant_id FROM tenant_stripe t
  WHERE reference IN (t.stripe_account, t.endpoint_id, t.scope) $$""",
    "active_studios()": f"""
CREATE FUNCTION active_studios() {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT s.tenant_id, s.id FROM studio s WHERE s.deleted_at IS NULL ORDER BY s.tenant_id $$""",
    "claim_reminders(text, interval, int)": _claim("reminder"),
    "claim_mail(text, interval, int)": _claim("mail").replace("claim_mails", "claim_mail"),
    "claim_outbox(text, interval, int)": f"""
CREATE FUNCTION claim_outbox(owner text, lease interval, n int) {_ROWS}
LANGUAGE sql VOLATILE {_DEFINER} AS $$
  WITH due AS MATERIALIZED (
    SELECT q.tenant_id, q.id FROM event_outbox q
    WHERE q.status = 'new' AND q.next_try <= daybook_now()
      AND (q.lease_until IS NULL OR q.lease_until < now())
    ORDER BY q.next_try LIMIT n FOR UPDATE SKIP LOCKED
  )
  UPDATE event_outbox r SET tries = r.tries + 1, lease_owner = owner, lease_until = now() + lease
  FROM due WHERE r.tenant_id = due.tenant_id AND r.id = due.id
  RETURNING r.tenant_id, r.id $$""",
    "claim_events(text, interval, int)": f"""
CREATE FUNCTION claim_events(owner text, lease interval, n int) RETURNS TABLE (scope text, event_id text)
LANGUAGE sql VOLATILE {_DEFINER} AS $$
  WITH due AS MATERIALIZED (
    SELECT q.scope, q.event_id FROM stripe_event q
    WHERE q.status IN ('new', 'retry') AND q.next_try <= now()
      AND (q.lease_until IS NULL OR q.lease_until < now())
    ORDER BY q.next_try LIMIT n FOR UPDATE SKIP LOCKED
  )
  UPDATE stripe_event r SET tries = r.tries + 1, lease_owner = owner, lease_until = now() + lease
  FROM due WHERE r.scope = due.scope AND r.event_id = due.event_id
  RETURNING r.scope, r.event_id $$""",
    "due_refunds(int)": f"""
CREATE FUNCTION due_refunds(n int) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT r.tenant_id, r.id FROM refund r
  WHERE r.channel = 'card' AND r.deleted_at IS NULL
    AND r.status IN ('approved', 'submitting', 'unknown')
    AND ((r.status IN ('approved', 'unknown') AND r.attention IS NULL
        AND coalesce(r.next_try, '-infinity') <= daybook_now())
      OR (r.status = 'submitting' AND r.lease_until < now()))
  ORDER BY r.next_try NULLS FIRST LIMIT n $$""",
    "due_pi_cancels(int)": f"""
CREATE FUNCTION due_pi_cancels(n int) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT p.tenant_id, p.id FROM payment_stage p
  WHERE p.pi_cancel_wanted AND p.deleted_at IS NULL LIMIT n $$""",
    "due_holds(int)": f"""
CREATE FUNCTION due_holds(n int) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT b.tenant_id, b.id FROM booking b
  WHERE b.status = 'held' AND b.deleted_at IS NULL AND b.hold_ends_at <= daybook_now()
  ORDER BY b.hold_ends_at LIMIT n $$""",
    "ended_bookings(int)": f"""
CREATE FUNCTION ended_bookings(n int) {_ROWS} LANGUAGE sql STABLE {_DEFINER} AS $$
  SELECT b.tenant_id, b.id FROM booking b
  WHERE b.status = 'confirmed' AND b.deleted_at IS NULL AND b.ends_at <= daybook_now()
  ORDER BY b.ends_at LIMIT n $$""",
    "lapsed_mail(int)": f"""
CREATE FUNCTION lapsed_mail(n int) RETURNS TABLE (tenant_id uuid, id uuid, queue text)
LANGUAGE sql STABLE {_DEFINER} AS $$
  (SELECT q.tenant_id, q.id, 'reminder' FROM reminder q
   WHERE q.status IN ('sending', 'uncertain') AND q.handed_over_at IS NOT NULL AND q.lease_until < now()
   ORDER BY q.lease_until LIMIT n)
  UNION ALL
  (SELECT q.tenant_id, q.id, 'mail' FROM mail q
   WHERE q.status IN ('sending', 'uncertain') AND q.handed_over_at IS NOT NULL AND q.lease_until < now()
   ORDER BY q.lease_until LIMIT n)
  LIMIT n $$""",
    "expire_links(int)": f"""
CREATE FUNCTION expire_links(n int) {_ROWS} LANGUAGE sql VOLATILE {_DEFINER} AS $$
  WITH over AS MATERIALIZED (
    SELECT a.tenant_id, a.id FROM action_token a
    WHERE a.used_at IS NULL AND a.revoked_at IS NULL AND a.expires_at <= daybook_now()
    ORDER BY a.expires_at LIMIT n FOR UPDATE SKIP LOCKED
  )
  UPDATE action_token a SET revoked_at = now(), revoke_reason = 'expired'
  FROM over WHERE a.tenant_id = over.tenant_id AND a.id = over.id
  RETURNING a.tenant_id, a.id $$""",
}
