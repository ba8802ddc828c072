package com.example.desk;

import java.util.List;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestTemplate;

public class Sync {
    public void all(List<Tenant> tenants) {
        for (Tenant t : tenants) {
            HttpHeaders headers = new HttpHeaders();
            headers.set("Authorization", "Zoho-authtoken " + t.getAuthtoken());
            new RestTemplate().exchange("https://desk.zoho.com/api/v1/tickets", HttpMethod.GET, new HttpEntity<>(headers), String.class);
        }
    }
}
