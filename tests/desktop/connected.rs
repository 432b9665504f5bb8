//! Ana at her office, connected with Dana's computer at home, whose screen she sees.

use beckon_tests::step;

use crate::computer::{Computer, Desktop, Start};
use crate::service::ServiceProgram;

pub const SHOWN: &str = "[data-part='remote-screen'][data-shown='true'] canvas";

const ALLOW: &str = "[data-part='allow'][data-settled='true']";

/// Dana has entered the link, and sees who asks.
pub async fn is_asked(home: &Computer, service: &ServiceProgram, link: &str) -> Desktop {
    let start = Start { service: Some(&service.origin), profile: "guest", ..Start::default() };
    let dana = home.opens_beckon(start).await;
    dana.page.sees_in("aside", "Online").await;
    dana.page.fills("Connect to", link).await;
    dana.page.presses("Connect").await;
    dana.looks_at("accept").await;
    dana.page.is_there(ALLOW).await;
    dana
}

pub async fn allows(dana: &Desktop) {
    dana.page.presses_at(ALLOW).await;
    dana.page.sees("Access is allowed").await;
}

pub struct Connected {
    /// In her session window.
    pub ana: Desktop,
    /// In the window that asked her.
    pub dana: Desktop,
    pub office: Computer,
    pub home: Computer,
    _service: ServiceProgram,
}

impl Connected {
    pub async fn begins() -> Self {
        Self::at(Computer::with_its_own_screen().await).await
    }

    pub async fn at(home: Computer) -> Self {
        let service = ServiceProgram::starts().await;
        let origin = service.origin.clone();
        Self::by(service, &origin, home, async |_| {}).await
    }

    /// Ana reaches the service there, and does something first.
    pub async fn by(
        service: ServiceProgram,
        anas: &str,
        home: Computer,
        first: impl AsyncFn(&Desktop),
    ) -> Self {
        let office = Computer::is_switched_on().await;
        let code = service.signs_in(&service.hires("Ana"));
        let start = Start { service: Some(anas), sign_in_code: Some(&code), ..Start::default() };
        let ana = office.opens_beckon(start).await;
        first(&ana).await;
        let link = service.requests_for("Dana Fox", "ana@acme.example");

        step("Dana joins by the link and allows access, with everything switched on as proposed");
        let dana = is_asked(&home, &service, &link).await;
        allows(&dana).await;

        step("Ana connects, and sees the screen");
        ana.page.sees_in("[role=row][data-index='0']", "Ready").await;
        ana.page.presses("Connect to Dana Fox").await;
        ana.looks_at("session").await;
        ana.page.is_there(SHOWN).await;
        Self { ana, dana, office, home, _service: service }
    }
}
