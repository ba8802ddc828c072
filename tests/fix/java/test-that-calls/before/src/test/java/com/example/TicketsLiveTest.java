package com.example;

import java.net.HttpURLConnection;
import java.net.URL;

public class TicketsLiveTest {
    public void ticketsAreThere() throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL("https://desk.zoho.com/api/v1/tickets").openConnection();
        connection.setRequestProperty("Authorization", "Zoho-authtoken " + System.getenv("ZOHO_AUTHTOKEN"));
        assert connection.getResponseCode() == 200;
    }
}
