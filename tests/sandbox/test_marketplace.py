"""The Marketplace's pages."""

from responses import RequestsMock

from tests.sandbox.app_side import REDIRECT, AppSide, query
from tests.sandbox.conftest import WEBHOOK
from tests.sandbox_process import BEN, MARA


def test_the_listing_leads_to_the_apps_own_page(zoom: AppSide) -> None:
    page = zoom.client.get("/zoom/marketplace").text
    assert 'href="http://bookme.test/connections/zoom/install"' in page
    assert "Visit Site to Add" in page


def test_add_sends_a_code_without_state_that_is_good_for_nothing(zoom: AppSide) -> None:
    page = zoom.press(zoom.client.get("/zoom/marketplace"), "marketplace/add")
    assert page.status_code == 303
    back = zoom.answer(zoom.client.get(page.headers["Location"]))
    assert back.startswith(REDIRECT)
    assert set(query(back)) == {"code"}
    assert zoom.exchange(query(back)["code"]).status_code == 400
    assert zoom.exchange(query(back)["code"], code_verifier=None).status_code == 400


def test_declining_there_brings_no_state_either(zoom: AppSide) -> None:
    page = zoom.press(zoom.client.get("/zoom/marketplace"), "marketplace/add")
    back = zoom.answer(zoom.client.get(page.headers["Location"]), answer="decline")
    assert query(back) == {"error": "access_denied"}


def test_added_apps_can_be_removed(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK)
    mara, ben = zoom.pair(MARA), zoom.pair(BEN)
    page = zoom.client.get("/zoom/marketplace")
    assert MARA in page.text
    person = next(one["id"] for one in zoom.state("users") if one["email"] == MARA)
    done = zoom.press(page, f"remove/{person}")
    assert (done.status_code, done.headers["Location"]) == (303, "/zoom/marketplace")
    page = zoom.client.get("/zoom/marketplace")
    assert "BookMe was removed from the account of Mara" in page.text
    assert MARA not in page.text
    assert "app_deauthorized" in page.text
    assert zoom.refresh(mara["refresh_token"]).status_code == 400
    assert zoom.refresh(ben["refresh_token"]).status_code == 200


def test_an_event_can_be_sent_again_from_its_page(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK, status=503)
    zoom.control("remove", {"user": MARA})
    zoom.press(zoom.client.get("/zoom/marketplace"), "again")
    assert zoom.state("webhooks")[0]["attempts"] == 2
    assert "answered 503" in zoom.client.get("/zoom/marketplace").text


def test_the_endpoint_can_be_validated_from_its_page(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK, status=500)
    zoom.press(zoom.client.get("/zoom/marketplace"), "validate")
    assert "NOT valid; it answered 500" in zoom.client.get("/zoom/marketplace").text


def test_another_sites_form_removes_nothing(zoom: AppSide) -> None:
    zoom.pair()
    person = zoom.state("users")[0]["id"]
    assert zoom.client.post(f"/zoom/marketplace/remove/{person}").status_code == 400
    assert zoom.state("users")[0]["grants_live"] == 1


def test_nobody_unknown_is_removed(zoom: AppSide) -> None:
    page = zoom.client.get("/zoom/marketplace")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    address = "/zoom/marketplace/remove/nobody"
    assert zoom.client.post(address, data={"csrf_token": token}).status_code == 404
